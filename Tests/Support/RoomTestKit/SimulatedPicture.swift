package import MediaCore

/// Makes pictures that look like VP8 to a depacketizer and carry their number, so that a test knows
/// which one came.
package struct SimulatedPicture: Sendable {
    /// Number of the next picture.
    private(set) var number: UInt32 = 0
    /// Timestamp of the next picture.
    private var timestamp: UInt32
    private var wantsKeyframe = true
    /// Bytes of a picture that is not a key frame.
    package var byteCount = 10_000
    /// Bytes of a key frame.
    package var keyframeByteCount = 40_000

    /// Whether pictures take turns in three temporal layers: 0, 2, 1, 2.
    package var hasTemporalLayers = false
    /// Place in the turn of the next picture.
    private var turn = 0

    /// Makes a series that begins at `timestamp`, with a picture of this number.
    package init(timestamp: UInt32, number: UInt32 = 0) {
        self.timestamp = timestamp
        self.number = number
    }

    /// Below this there is no key frame of 720p.
    private static let leastKeyframe = 8_000

    /// Pictures are as large as `bitrate` allows, key frames four times as large.
    package mutating func follow(_ bitrate: Bitrate, interval: Duration) {
        byteCount = max(20, bitrate.bytes(in: interval))
        keyframeByteCount = max(byteCount * 4, Self.leastKeyframe)
    }

    /// What pictures that are no key frames take.
    package func bitrate(interval: Duration) -> Bitrate {
        Bitrate(bitsPerSecond: Int(Double(byteCount * 8) / interval.inSeconds))
    }

    /// The next picture will be a key frame.
    package mutating func requestKeyframe() {
        wantsKeyframe = true
    }

    /// The next picture, `interval` after the one before.
    package mutating func next(at now: MonotonicTime, interval: Duration) -> EncodedFrame {
        let isKeyframe = wantsKeyframe
        wantsKeyframe = false
        var bytes = [UInt8](
            repeating: UInt8(truncatingIfNeeded: number), count: isKeyframe ? keyframeByteCount : byteCount)
        // RFC 6386 §9.1: the lowest bit is zero in key frames, which go on with a start code and
        // their size.
        bytes[0] = isKeyframe ? 0x10 : 0x11
        if isKeyframe { bytes.replaceSubrange(3..<10, with: [0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02]) }
        for index in 0..<4 { bytes[10 + index] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * index)) }
        var frame = EncodedFrame(
            codec: .vp8, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp, captureTime: now)
        if isKeyframe { turn = 0 }
        if hasTemporalLayers { frame.layers = Self.layers(turn) }
        turn = (turn + 1) % 4
        frame.bytes[14] = isKeyframe ? 0 : UInt8(frame.layers?.references.first ?? 1)
        number += 1
        timestamp &+= UInt32(interval.inSeconds * 90_000 + 0.5)
        return frame
    }

    private static func layers(_ turn: Int) -> FrameLayers {
        switch turn {
        case 0: FrameLayers(references: [4])
        case 1:
            FrameLayers(temporalLayer: 2, isSwitchingPoint: true, isDiscardable: true, references: [1])
        case 2: FrameLayers(temporalLayer: 1, isSwitchingPoint: true, references: [2])
        default: FrameLayers(temporalLayer: 2, isDiscardable: true, references: [1])
        }
    }

    /// The number of a picture that came; `nil` when its bytes are not those that were sent.
    package static func number(of frame: EncodedFrame) -> UInt32? {
        guard frame.bytes.count >= 15 else { return nil }
        let number = frame.bytes[10..<14].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let filler = UInt8(truncatingIfNeeded: number)
        // A sample of the bytes is enough to notice a packet that is missing or in the wrong place.
        let sample = stride(from: 15, to: frame.bytes.count, by: 61)
        return sample.allSatisfy { frame.bytes[$0] == filler } ? number : nil
    }

    /// The number of the picture that a picture is predicted from; `nil` for a key frame.
    package static func reference(of frame: EncodedFrame, number: UInt32) -> UInt32? {
        frame.isKeyframe || frame.bytes.count < 15 ? nil : number &- UInt32(frame.bytes[14])
    }
}
