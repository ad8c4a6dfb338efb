internal import Codecs
internal import Logging
internal import MediaCore
internal import PeerConnection
internal import RTP

/// The way of a remote video track: frames from the network thread, a bounded queue, a decoder on its own thread.
///
/// When the decoder falls behind by a whole queue, everything waiting is dropped and a key frame is asked for: the
/// picture jumps to now instead of lagging for ever. Whatever begins in the middle asks for one, too.
final class VideoReceiver: MediaReceiver {
    /// Who sees the pictures.
    let renderers = SinkList<any VideoSink>()
    /// What was received and shown.
    let counters = VideoReceiveCounters()

    private let queue = FrameQueue<EncodedFrame>(limit: 30)
    private let isKeyframeNeeded = AtomicFlag(true)
    private let sync: LipSync
    private let logger: Logger
    private let requestKeyframe: @Sendable () -> Void

    init(sync: LipSync, logger: Logger, requestKeyframe: @escaping @Sendable () -> Void) {
        self.sync = sync
        self.logger = logger
        self.requestKeyframe = requestKeyframe
    }

    func receive(video received: EncodedFrame, on mid: MediaID) {
        var frame = received
        frame.presentAt = sync.presentTime(of: frame)
        if isKeyframeNeeded.isSet {
            // The first one may have gone by before the track was bound.
            guard frame.isKeyframe else { return requestKeyframe() }
            isKeyframeNeeded.isSet = false
        }
        guard queue.append(frame) else {
            isKeyframeNeeded.isSet = true
            requestKeyframe()
            return
        }
    }

    func receive(audio packet: ReceivedAudioPacket, on mid: MediaID) {}

    func receive(senderReport: SenderReport, from source: SSRC, on mid: MediaID, at time: MonotonicTime) {
        sync.receive(senderReport, kind: .video)
    }

    /// No more frames: decoding ends when those waiting are done.
    func finish() { queue.finish() }

    /// Decodes until finished. Runs on a decoder thread, which several tracks share.
    func decode() async {
        let pool = VideoFramePool(limit: 8)
        var decoder: VideoDecoder?
        var codec: MediaCodec?
        var sinks = SinkList<any VideoSink>.Snapshot()
        var freezes = FreezeMeter()
        while let frame = await queue.next() {
            let begin = SystemClock.now
            if codec != frame.codec {
                decoder = makeDecoder(for: frame.codec)
                codec = frame.codec
            }
            guard let picture = decodePicture(frame, with: decoder, pool: pool) else { continue }
            let now = SystemClock.now
            freezes.show(at: now)
            counters.count(picture, spent: now - begin, codec: frame.codec, freezes)
            renderers.refresh(&sinks)
            for sink in sinks.sinks { sink.receive(picture) }
        }
    }

    private func makeDecoder(for codec: MediaCodec) -> VideoDecoder? {
        do {
            return try VideoDecoder(codec: codec)
        } catch {
            logger.error("A track cannot be shown: \(error)")
            return nil
        }
    }

    private func decodePicture(
        _ frame: EncodedFrame, with decoder: VideoDecoder?, pool: VideoFramePool
    ) -> VideoFrame? {
        do {
            return try decoder?.decode(frame, pool: pool)
        } catch {
            isKeyframeNeeded.isSet = true
            requestKeyframe()
            return nil
        }
    }
}
