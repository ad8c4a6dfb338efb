import MediaCore

/// Everything `roomclient join` goes by, read once.
struct JoinSettings: Sendable {
    /// Where the room is.
    enum Server: Sendable, Equatable {
        /// On this machine, in this process.
        case embedded
        /// On a server of somebody's.
        case remote(ServerURL, Credentials)
    }

    /// The room that is joined when nobody names one.
    static let defaultRoom = "roomclient"

    var server: Server
    var room: String
    /// Whether the room was named by a flag or a variable.
    var isRoomNamed: Bool
    var profile: Profile
    var devices: DeviceWishes
    /// Size and rate asked of the camera.
    var format: VideoFormat
    /// How the camera is encoded.
    var codec: MediaCodec
    var maximumBitrate: Bitrate?
    /// Whether the camera is sent in several sizes.
    var sendsLayers: Bool
    /// Whether sizes that nobody watches are left out.
    var sendsWatchedOnly: Bool
    var removesEcho: Bool
    var suppressesNoise: Bool
    var controlsGain: Bool
    /// Whether pictures are received at the size at which the window draws them.
    var adaptsPictures: Bool
    var usesRelayOnly: Bool
    var subscribes: Bool
    /// `nil` = a window if there is a display.
    var view: ViewChoice?
    var duration: Duration?
    var leavesWhenAlone: Bool
    /// Path of the statistics; `-` = standard output.
    var statistics: String?
    var proxy: ProxySettings?

    /// Who we are in the room.
    struct Profile: Sendable, Hashable {
        var identity: String?
        var name: String?
        var metadata: String?
        var attributes: [String: String] = [:]
    }

    /// What the flags say about devices.
    struct DeviceWishes: Sendable, Hashable {
        var microphone: String?
        var speaker: String?
        var camera: String?
        /// Whether a person may be asked about the others.
        var mayAsk: Bool
    }
}

extension JoinSettings {
    /// Flags before the environment before `.env` before defaults.
    init(
        connection: ConnectionOptions, media: MediaOptions, session: SessionOptions, sources: SettingSources,
        isInteractive: Bool
    ) throws(ProgramError) {
        server = try Self.server(connection, sources)
        let namedRoom = connection.room ?? sources["LIVEKIT_ROOM"]
        if namedRoom == "" { throw .usage("--room needs a name.") }
        room = namedRoom ?? Self.defaultRoom
        isRoomNamed = namedRoom != nil
        profile = Profile(
            identity: connection.identity, name: connection.name, metadata: connection.metadata,
            attributes: KeyValue.dictionary(connection.attribute))
        if profile.identity == "" { throw .usage("--identity needs a name.") }
        devices = DeviceWishes(
            microphone: media.microphone, speaker: media.speaker, camera: media.camera,
            mayAsk: isInteractive && !media.noPrompt)
        format = VideoFormat(
            width: media.cameraSize.width, height: media.cameraSize.height, framesPerSecond: media.fps)
        codec = MediaCodec(rawValue: media.codec.rawValue) ?? .vp8
        maximumBitrate = media.maxBitrate.map { .kilobits($0) }
        sendsLayers = !media.noSimulcast
        sendsWatchedOnly = !media.noDynacast
        removesEcho = !media.noEchoCancellation
        suppressesNoise = !media.noNoiseSuppression
        controlsGain = !media.noAutoGain
        adaptsPictures = !media.noAdaptiveStream
        usesRelayOnly = connection.ice == .relay
        subscribes = !connection.noAutoSubscribe
        view = session.view
        duration = session.duration.map { .seconds($0) }
        leavesWhenAlone = session.exitWhenAlone
        statistics = session.stats
        proxy = ProxySettings(sources)
    }

    private static func server(
        _ connection: ConnectionOptions, _ sources: SettingSources
    ) throws(ProgramError) -> Server {
        guard let url = connection.url ?? sources["LIVEKIT_URL"] else {
            guard connection.token == nil, connection.apiKey == nil, connection.apiSecret == nil else {
                throw .usage("There are credentials but no server; set --url (or LIVEKIT_URL) too.")
            }
            return .embedded
        }
        let places = Credentials.places(
            token: connection.token, key: connection.apiKey, secret: connection.apiSecret, sources: sources)
        guard let credentials = try Credentials.choose(from: places) else {
            throw .usage(
                "There are no credentials for \(url); set LIVEKIT_TOKEN, or LIVEKIT_API_KEY and "
                    + "LIVEKIT_API_SECRET, in the environment or in .env (or --token, --api-key and --api-secret)."
            )
        }
        return .remote(try ServerURL(url), credentials)
    }
}
