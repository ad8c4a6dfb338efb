internal import Codecs
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection

/// What is asked for when a session is opened; kept, to open it again.
struct SessionRequest: Sendable {
    var url: String
    var token: String
    var options: ConnectOptions
}

/// Everything that lives as long as one session with the server. Used inside the room's actor only.
final class RoomSession {
    /// What the session was opened with; the token is the newest the server gave.
    var request: SessionRequest
    let signal: SignalClient
    /// The connection the client offers on; the only one with newer servers.
    let publisher: PeerConnection
    /// The connection the server offers on; `nil` with newer servers.
    var subscriber: PeerConnection?
    /// Whether media come and go on one connection.
    var isSinglePeerConnection = true
    /// Which connection must be up for the room to be connected.
    var primary = PeerRole.publisher

    let jobs = RoomJobs()
    let root: Task<Void, Never>
    let player: AudioPlayer
    let processor: AudioProcessor?
    let speakerThread = PinnedThread(name: "speaker")
    /// Decoding takes one thread on small machines and leaves one core to the rest on larger ones.
    let decodeThreads: [PinnedThread]

    var offers = OfferQueue()
    var offerWaiters: [(wish: Int, done: LatestValue<Bool>)] = []
    var pendingPublishes: [String: LatestValue<Result<Livekit_TrackInfo, RoomError>>] = [:]
    /// Tracks whose backup codec is being opened.
    var openingBackups: Set<String> = []
    /// What the server last said about who watches our tracks, by sid.
    var watchedQualities: [String: Livekit_SubscribedQualityUpdate] = [:]
    /// What the server lets us publish; empty = it does not say.
    var publishCodecs: [Livekit_Codec] = []
    let connected = LatestValue<Bool>()
    /// Why the connection never came up, if something said so.
    var failure: RoomError?
    /// What the path to the server carries; `nil` until it is known.
    var sendBitrate: Bitrate?
    var openChannels: Set<String> = []
    var channelWaiters: [(label: String, done: LatestValue<Bool>)] = []
    /// Tracks by the section that carries them.
    var bindings: [SectionKey: TrackBinding] = [:]
    /// Sequence of the next reliable packet (from 1), and the last one seen of each sender.
    var nextDataSequence: UInt32 = 1
    var lastDataSequences: [String: UInt32] = [:]
    /// What the renderers of tracks do, by sid.
    let rendererChanges: AsyncStream<(String, RendererChange)>
    let rendererInlet: AsyncStream<(String, RendererChange)>.Continuation
    /// At what size tracks are drawn.
    var adaptive = AdaptiveStream()
    /// When the job wakes up that tells the server of it; `nil` while none sleeps.
    var adaptiveTimer: MonotonicTime?
    private var nextDecodeThread = 0
    private var lipSyncs: [String: LipSync] = [:]

    init(
        request: SessionRequest, signal: SignalClient, publisher: PeerConnection, options: RoomOptions,
        decodeThreadCount: Int, report: @escaping @Sendable (String) -> Void
    ) {
        self.request = request
        self.signal = signal
        self.publisher = publisher
        // Unbounded: each is a few bytes, and none may be lost.
        (rendererChanges, rendererInlet) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
        let jobs = jobs
        root = Task(name: "room") { await jobs.run() }
        processor = try? AudioProcessor(settings: AudioProcessorSettings(options.audioProcessing))
        player = AudioPlayer(sink: options.speaker, processor: processor, report: report)
        decodeThreads = (0..<max(1, decodeThreadCount)).map { PinnedThread(name: "decode-\($0)") }
    }

    func peer(_ role: PeerRole) -> PeerConnection? { role == .publisher ? publisher : subscriber }

    /// The clock that one participant's sound and pictures share.
    func lipSync(ofParticipant sid: String) -> LipSync {
        if let known = lipSyncs[sid] { return known }
        let sync = LipSync()
        lipSyncs[sid] = sync
        return sync
    }

    /// Tracks take the decode threads in turn.
    func takeDecodeThread() -> PinnedThread {
        nextDecodeThread += 1
        return decodeThreads[nextDecodeThread % decodeThreads.count]
    }
}

/// Which of the two connections.
enum PeerRole: Hashable, Sendable {
    case publisher, subscriber

    init(_ target: Livekit_SignalTarget) { self = target == .subscriber ? .subscriber : .publisher }

    var target: Livekit_SignalTarget { self == .publisher ? .publisher : .subscriber }
}

/// A section of one of the connections.
struct SectionKey: Hashable, Sendable {
    let role: PeerRole
    let mid: MediaID
}

/// A remote track on a section.
struct TrackBinding {
    let sid: String
    let track: RemoteTrack
    /// Whether the program has been told; false while the publication is not known yet.
    var isAttached = false
}

extension AudioProcessorSettings {
    init(_ options: AudioProcessingOptions) {
        self.init(
            cancelsEcho: options.echoCancellation, suppressesNoise: options.noiseSuppression,
            controlsGain: options.autoGainControl, filtersLowFrequencies: options.highPassFilter)
    }
}

extension [Livekit_Codec] {
    /// Whether a server that enables these lets us publish with a codec; one that names none allows all.
    func allow(_ codec: MediaCodec) -> Bool {
        isEmpty || contains { $0.mime.lowercased().hasSuffix("/" + codec.rawValue) }
    }
}
