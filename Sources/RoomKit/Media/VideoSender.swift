internal import Codecs
internal import MediaCore
internal import PeerConnection
internal import RTP

/// A codec in which a local video track is sent: the newest captured picture, and the thread that encodes it.
///
/// A track has one of them, and a second one when somebody needs the backup codec. They share the captured pictures, and
/// neither waits for the other.
final class VideoSender: VideoSink {
    /// Where encoded pictures go.
    struct Destination: Sendable {
        let peer: PeerConnection
        let mid: MediaID
        /// What the other side takes, the lowest first.
        let layers: [VideoLayer]
        let codec: MediaCodec
        let isScreen: Bool
    }

    /// What was sent.
    let counters = VideoSendCounters()
    /// The picture that waits for the encoder.
    let latest = LatestValue<VideoFrame>()

    private let framesPerSecond: Int
    private let usedBitrate = AtomicNumber()
    /// Bits per second that the path leaves to this codec.
    private let allowedBitrate = AtomicNumber(.max)
    /// Layers that cannot be shown without a key frame.
    private let keyframeWishes = (0..<VideoPublisher.layerLimit).map { _ in AtomicFlag() }
    /// Layers that somebody watches.
    private let watched: [AtomicFlag]

    /// Makes a sender of pictures that are captured at this rate; until it is told, everything or nothing is watched.
    init(framesPerSecond: Int, isWatched: Bool = true) {
        self.framesPerSecond = framesPerSecond
        watched = (0..<VideoPublisher.layerLimit).map { _ in AtomicFlag(isWatched) }
    }

    /// Takes a captured picture; one that was not encoded yet gives way to it. Any thread.
    func receive(_ frame: VideoFrame) { latest.store(frame) }

    /// No more pictures come.
    func finish() { latest.finish() }

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

    /// Encodes and sends until there are no more pictures. Runs on an encoder thread.
    func encode(to destination: Destination) async {
        var session = EncodingSession(
            layers: destination.layers, codec: destination.codec, framesPerSecond: framesPerSecond,
            isScreen: destination.isScreen)
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
