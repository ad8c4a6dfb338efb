internal import Codecs
internal import MediaCore

/// One encoder and what it is set to; made anew when the picture changes its size.
struct EncodingSession {
    private let framesPerSecond: Int
    private let fixedBitrate: Bitrate?
    /// What the path carries; the encoder stays below.
    var limit = Bitrate(bitsPerSecond: .max)
    /// What the encoder aims at.
    private(set) var bitrate = Bitrate.zero
    /// What it aims at when nothing limits it.
    private var maximum = Bitrate.zero
    private let timestampOffset = UInt32.random(in: .min ... .max)
    private var encoder: VP8Encoder?
    private var size = Dimensions(width: 0, height: 0)

    init(framesPerSecond: Int, bitrate: Bitrate?) {
        self.framesPerSecond = max(1, framesPerSecond)
        fixedBitrate = bitrate
    }

    /// The encoded picture, or `nil` when the encoder dropped it or cannot be made.
    mutating func encode(_ frame: VideoFrame, isKeyframeForced: Bool) -> EncodedFrame? {
        let frameSize = Dimensions(width: frame.width, height: frame.height)
        if frameSize != size {
            size = frameSize
            encoder = makeEncoder(frameSize)
        }
        followLimit()
        let timestamp = timestampOffset &+ rtpTimestamp(frame.captureTime)
        return try? encoder?.encode(frame, timestamp: timestamp, isKeyframeForced: isKeyframeForced)
    }

    private mutating func makeEncoder(_ size: Dimensions) -> VP8Encoder? {
        maximum = fixedBitrate ?? VideoEncodings.bitrate(width: size.width, height: size.height)
        bitrate = min(maximum, limit)
        return try? VP8Encoder(
            settings: VideoEncoderSettings(
                width: size.width, height: size.height, framesPerSecond: framesPerSecond, bitrate: bitrate))
    }

    /// Changes the rate of the running encoder, which needs no key frame for that.
    private mutating func followLimit() {
        let next = min(maximum, limit)
        guard next != bitrate, let encoder, (try? encoder.set(bitrate: next)) != nil else { return }
        bitrate = next
    }

    /// Says how long the last picture took, so that the encoder can hurry.
    func report(_ spent: Duration) { encoder?.report(encodeTime: spent) }

    /// 90 kHz ticks of a monotonic time; wraps.
    private func rtpTimestamp(_ time: MonotonicTime) -> UInt32 {
        UInt32(truncatingIfNeeded: time.nanoseconds / 1_000 * 9 / 100)
    }
}
