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
        /// What the other side takes, the lowest first.
        let layers: [VideoLayer]
        let codec: MediaCodec
        let isScreen: Bool
    }

    /// More layers than this are never sent.
    static let layerLimit = 3

    /// Whether pictures are sent; capturing goes on, so that the picture is there at once after unmuting.
    let isMuted = AtomicFlag()
    /// Ends capture and encoding.
    let stop = StopSignal()
    /// What was sent.
    let counters = VideoSendCounters()

    private let track: LocalVideoTrack
    private let usedBitrate = AtomicNumber()
    /// Bits per second that the path leaves to this track.
    private let allowedBitrate = AtomicNumber(.max)
    private let latest = LatestValue<VideoFrame>()
    private let opening = LatestValue<Result<VideoFormat, RoomError>>()
    /// Layers that cannot be shown without a key frame.
    private let keyframeWishes = (0..<layerLimit).map { _ in AtomicFlag() }
    /// Layers that somebody watches.
    private let watched = (0..<layerLimit).map { _ in AtomicFlag(true) }

    init(track: LocalVideoTrack) { self.track = track }

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

    /// The next encoded picture of a layer, or of all, will be a key frame. Any thread.
    func requestKeyframe(of layer: Int? = nil) {
        for index in keyframeWishes.indices where layer == nil || layer == index {
            keyframeWishes[index].isSet = true
        }
    }

    /// Says which layers somebody watches; the others are not encoded. Any thread.
    func watch(_ isWatched: [Bool]) {
        for (flag, isWatched) in zip(watched, isWatched) { flag.isSet = isWatched }
    }

    /// Whether somebody watches a layer.
    func isWatched(_ layer: Int) -> Bool { watched.indices.contains(layer) && watched[layer].isSet }

    /// Which part of the bitrate of a VP9 stream, whose whole picture has this size, goes into what is watched.
    func watchedShare(of whole: Dimensions) -> Double {
        VP9Encoder.share(
            ofLowest: watched.count { $0.isSet }, width: whole.width, height: whole.height)
    }

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
        var session = EncodingSession(
            layers: destination.layers, codec: destination.codec,
            framesPerSecond: track.source.format.framesPerSecond, isScreen: destination.isScreen)
        while let frame = await latest.next() {
            session.limit = Bitrate(bitsPerSecond: allowedBitrate.value)
            for index in keyframeWishes.indices where keyframeWishes[index].take() {
                session.requestKeyframe(of: index)
            }
            encode(frame, &session, destination)
        }
    }

    private func encode(_ frame: VideoFrame, _ session: inout EncodingSession, _ destination: Destination) {
        let begin = SystemClock.now
        var largest: Dimensions?
        session.encode(frame, isWatched: watched.map(\.isSet)) { index, encoded, size in
            counters.count(encoded, layer: index, size: size)
            largest = largest ?? size
            destination.peer.send(encoded, on: destination.mid, rid: destination.layers[index].rid)
        }
        counters.finish(largest, spent: SystemClock.now - begin)
        counters.limitation.value = session.limitation.rawValue
        for (index, layer) in counters.layers.enumerated() { layer.isActive.isSet = session.isActive(index) }
        usedBitrate.value = session.bitrate.bitsPerSecond
    }
}
