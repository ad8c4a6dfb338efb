public import MediaCore

/// How to connect.
public struct ConnectOptions: Sendable {
    /// Subscribe to everything that is published; else only to what `set(subscribed:)` asks for.
    public var autoSubscribe = true
    /// Use relays only, never a direct path.
    public var usesRelayOnly = false
    /// The HTTP proxy for signaling, if the environment names one.
    public var proxy: ProxyOptions?
    /// How long joining may take until media flow, from the first packet on.
    public var timeout: Duration = .seconds(20)
    /// PEM file with certificate authorities to trust besides those of the system.
    public var certificateAuthorityFile: String?

    /// The defaults.
    public init() {}
}

/// An HTTP proxy that passes the signaling on by CONNECT (RFC 9110 §9.3.6).
public struct ProxyOptions: Sendable, Hashable {
    /// Proxy for `wss://` servers, `http://[user:password@]host:port`.
    public var https: String?
    /// Proxy for `ws://` servers.
    public var http: String?
    /// Hosts reached directly, separated by commas; `*` = all.
    public var exceptions: String

    /// Makes proxy options.
    public init(https: String? = nil, http: String? = nil, exceptions: String = "") {
        self.https = https
        self.http = http
        self.exceptions = exceptions
    }
}

/// What a room does with media.
public struct RoomOptions: Sendable {
    /// Where the mixed sound of all others goes; `nil` = nowhere, but renderers still get it, in real time.
    public var speaker: (any AudioSink)?
    /// What is done to the sound of the microphone.
    public var audioProcessing = AudioProcessingOptions()
    /// Ask the server for each track at the size at which it is drawn, as renderers report it, and for none that
    /// cannot be seen (`RemoteVideoTrack.report(drawnSize:of:)`).
    public var adaptiveStream = false
    /// Settings of `setCamera(enabled:)`.
    public var defaultCamera: (any VideoSource)?
    /// Settings of `setMicrophone(enabled:)`.
    public var defaultMicrophone: (any AudioSource)?
    /// How video is published unless the call says otherwise.
    public var videoPublish = VideoPublishOptions()
    /// How audio is published unless the call says otherwise.
    public var audioPublish = AudioPublishOptions()
    /// Do not encode the sizes of our pictures that nobody watches, and nothing when nobody watches.
    public var dynacast = true
    /// The codecs of pictures that may be received; empty = all that are known. So tests make poor receivers.
    package var receivedVideoCodecs: [MediaCodec] = []

    /// The defaults.
    public init() {}
}

/// What is done to the sound of the microphone before it is sent.
public struct AudioProcessingOptions: Sendable, Hashable {
    /// Remove what the speaker plays.
    public var echoCancellation = true
    /// Remove steady noise.
    public var noiseSuppression = true
    /// Make quiet voices louder.
    public var autoGainControl = true
    /// Remove rumble.
    public var highPassFilter = true

    /// Everything on.
    public init() {}
}

/// How a video track is published.
public struct VideoPublishOptions: Sendable, Hashable {
    /// Name of the track; `nil` = that of its source.
    public var name: String?
    /// What the picture shows.
    public var source: TrackSource = .camera
    /// How it is encoded; where the server does not allow that, VP8 is taken.
    public var codec: MediaCodec = .vp8
    /// What those get who cannot decode that; encoded only while there is somebody.
    public var backupCodec = BackupCodec.automatic
    /// Whether the others go on with `codec` while somebody gets the backup codec.
    public var backupCodecPolicy = BackupCodecPolicy.preferRegression
    /// Highest bitrate of the whole picture; `nil` = LiveKit's preset for the size.
    public var maximumBitrate: Bitrate?
    /// Send large pictures in two or three sizes, of which everybody gets the one that fits.
    public var simulcast = true

    /// The defaults.
    public init() {}
}

/// How an audio track is published.
public struct AudioPublishOptions: Sendable, Hashable {
    /// Name of the track; `nil` = that of its source.
    public var name: String?
    /// What is heard.
    public var source: TrackSource = .microphone
    /// Bitrate; LiveKit's preset of 48 kbit/s is heard in a comparison (wide-band PESQ 4.30 against 4.42).
    public var bitrate: Bitrate = .kilobits(64)
    /// Send almost nothing while it is silent.
    public var dtx = true
    /// Send each packet again with the next ones, so that a lost one is not heard.
    public var red = true
    /// Run the sound through echo cancelling, noise suppression and gain control.
    public var isProcessed = true

    /// The defaults.
    public init() {}
}

/// How data is sent.
public struct DataPublishOptions: Sendable, Hashable {
    /// Who gets it; empty = everybody else.
    public var destinationIdentities: [ParticipantIdentity] = []
    /// What it is about.
    public var topic: String?
    /// Repeated until it arrives, in order; else sent once.
    public var reliable = true

    /// The defaults: reliable, to everybody.
    public init(
        topic: String? = nil, reliable: Bool = true, destinationIdentities: [ParticipantIdentity] = []
    ) {
        self.topic = topic
        self.reliable = reliable
        self.destinationIdentities = destinationIdentities
    }
}
