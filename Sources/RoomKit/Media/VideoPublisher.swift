internal import Codecs
internal import MediaCore
internal import PeerConnection
internal import RTP

/// The way of a local video track: a thread that captures, a thread that encodes, and between them the newest frame.
///
/// The capture runs before the track is announced, so that its real size is known and a camera that does not open is
/// an error of `publish` and not a black picture. Encoding starts when the track is negotiated.
final class VideoPublisher: Sendable {
    /// Where encoded pictures go.
    struct Destination: Sendable {
        let peer: PeerConnection
        let mid: MediaID
    }

    /// Whether pictures are sent; capturing goes on, so that the picture is there at once after unmuting.
    let isMuted = AtomicFlag()
    /// Ends capture and encoding.
    let stop = StopSignal()
    /// What was sent.
    let counters = VideoSendCounters()

    private let track: LocalVideoTrack
    private let bitrate: Bitrate?
    private let usedBitrate = AtomicNumber()
    /// Bits per second that the path leaves to this track.
    private let allowedBitrate = AtomicNumber(.max)
    private let latest = LatestValue<VideoFrame>()
    private let opening = LatestValue<Result<VideoFormat, RoomError>>()
    private let isKeyframeWanted = AtomicFlag()

    init(track: LocalVideoTrack, bitrate: Bitrate?) {
        self.track = track
        self.bitrate = bitrate
    }

    /// The size of the first picture; throws when the source does not open or shows nothing in time.
    func opened(within limit: Duration) async throws(RoomError) -> VideoFormat {
        guard let outcome = await opening.next(within: limit) else {
            throw RoomError(.media, "The camera delivered no picture; check that no other program uses it.")
        }
        return try outcome.get()
    }

    /// What the encoder aims at; zero before the first picture.
    var targetBitrate: Bitrate { Bitrate(bitsPerSecond: usedBitrate.value) }

    /// The encoder stays below, from the next picture on. Any thread.
    func limit(to bitrate: Bitrate) { allowedBitrate.value = bitrate.bitsPerSecond }

    /// The next encoded picture will be a key frame. Any thread.
    func requestKeyframe() { isKeyframeWanted.isSet = true }

    /// Captures until stopped. Runs on the camera thread.
    func capture() async {
        let renderers = track.renderers
        let first = AtomicFlag(true)
        let fps = track.source.format.framesPerSecond
        do {
            try await track.source.run { [latest, opening, isMuted] frame in
                if first.take() {
                    let format = VideoFormat(width: frame.width, height: frame.height, framesPerSecond: fps)
                    opening.store(.success(format))
                }
                var snapshot = SinkList<any VideoSink>.Snapshot()
                renderers.refresh(&snapshot)
                if isMuted.isSet { return }
                for sink in snapshot.sinks { sink.receive(frame) }
                latest.store(frame)
            }
        } catch {
            opening.store(.failure(RoomError(.media, "\(error)", underlying: error)))
        }
        latest.finish()
    }

    /// Encodes and sends until the capture ends. Runs on an encoder thread.
    func encode(to destination: Destination) async {
        var session = EncodingSession(framesPerSecond: track.source.format.framesPerSecond, bitrate: bitrate)
        while let frame = await latest.next() {
            let isForced = isKeyframeWanted.take()
            session.limit = Bitrate(bitsPerSecond: allowedBitrate.value)
            let begin = SystemClock.now
            let encoded = session.encode(frame, isKeyframeForced: isForced)
            let spent = SystemClock.now - begin
            session.report(spent)
            usedBitrate.value = session.bitrate.bitsPerSecond
            guard let encoded else {
                if isForced { requestKeyframe() }
                continue
            }
            counters.count(encoded, frame: frame, spent: spent)
            destination.peer.send(encoded, on: destination.mid)
        }
    }
}
