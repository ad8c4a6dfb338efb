import Codecs
import MediaCore
import Testing

/// What every video encoder does, whatever its codec.
@Suite("Video encoders")
struct VideoEncoderTests {
    static let codecs: [MediaCodec] = [.vp8, .vp9, .h264, .av1]

    private func encoder(_ codec: MediaCodec, _ kilobits: Int = 400) throws -> any VideoEncoder {
        try VideoEncoders.make(
            codec,
            settings: VideoEncoderSettings(width: 320, height: 240, bitrate: .kilobits(kilobits)))
    }

    /// Encodes pictures that are hard to predict, and returns their mean rate in kbit/s at 30 pictures per second.
    private func rate(of encoder: any VideoEncoder, _ indices: Range<Int>) throws -> Double {
        let grainy = MovingPicture(width: 320, height: 240, grain: 30)
        let bytes = try indices.reduce(0) { sum, index in
            let frame = try encoder.encode(
                grainy.frame(index), timestamp: UInt32(index * 3_000), isKeyframeForced: false)
            #expect(index == 0 || frame?.isKeyframe != true)
            return sum + (frame?.bytes.count ?? 0)
        }
        return Double(bytes) * 8 / 1_000 / (Double(indices.count) / 30)
    }

    @Test("what comes out of the decoder looks like what went into the encoder", arguments: codecs)
    func roundTrip(codec: MediaCodec) throws {
        let film = MovingPicture(width: 320, height: 240)
        let (encoder, decoder, pool) = (
            try encoder(codec, 800), try VideoDecoder(codec: codec), VideoFramePool()
        )
        var shown = 0
        for index in 0..<30 {
            let picture = try film.frame(index)
            let encoded = try encoder.encode(
                picture, timestamp: UInt32(index * 3_000), isKeyframeForced: false)
            guard let encoded else { continue }
            #expect(encoded.codec == codec && encoded.timestamp == UInt32(index * 3_000))
            let decoded = try #require(try decoder.decode(encoded, pool: pool))
            #expect(try lumaPSNR(picture, decoded) > (codec == .vp8 ? 28 : 26))
            #expect(decoded.captureTime == picture.captureTime)
            encoder.report(encodeTime: .milliseconds(3))
            shown += 1
        }
        #expect(shown >= 25)
    }

    @Test(
        "the bitrate is kept and follows a change without a keyframe", arguments: codecs,
        [(600, 250), (250, 600)])
    func bitrateFollows(codec: MediaCodec, rates: (before: Int, after: Int)) throws {
        let encoder = try encoder(codec, rates.before)
        let tolerance = codec == .vp8 ? 0.15 : 0.2
        _ = try rate(of: encoder, 0..<60)
        #expect(abs(try rate(of: encoder, 60..<150) / Double(rates.before) - 1) < tolerance)
        try encoder.set(bitrate: .kilobits(rates.after), framesPerSecond: nil)
        _ = try rate(of: encoder, 150..<180)
        #expect(abs(try rate(of: encoder, 180..<270) / Double(rates.after) - 1) < tolerance)
    }

    @Test("there is a keyframe at the start and exactly where one is forced", arguments: codecs)
    func keyframesOnDemand(codec: MediaCodec) throws {
        let film = MovingPicture(width: 320, height: 240)
        let encoder = try encoder(codec, 2_000)
        let keyframes = try (0..<40).filter { index in
            let isForced = index == 17 || index == 18
            let frame = try encoder.encode(
                film.frame(index), timestamp: UInt32(index * 3_000), isKeyframeForced: isForced)
            return frame?.isKeyframe == true
        }
        #expect(keyframes == [0, 17, 18])
    }

    @Test("a decoder may begin at any keyframe", arguments: codecs)
    func lateDecoder(codec: MediaCodec) throws {
        let film = MovingPicture(width: 320, height: 240)
        let (encoder, pool) = (try encoder(codec, 800), VideoFramePool())
        for index in 0..<10 {
            _ = try encoder.encode(
                film.frame(index), timestamp: UInt32(index * 3_000), isKeyframeForced: false)
        }
        let decoder = try VideoDecoder(codec: codec)
        for index in 10..<15 {
            let picture = try film.frame(index)
            let encoded = try #require(
                try encoder.encode(
                    picture, timestamp: UInt32(index * 3_000), isKeyframeForced: index == 10))
            let decoded = try #require(try decoder.decode(encoded, pool: pool))
            #expect(try lumaPSNR(picture, decoded) > 25)
        }
    }

    @Test(
        "a picture of another size, also an odd one, reopens the encoder with a keyframe", arguments: codecs)
    func sizeChange(codec: MediaCodec) throws {
        let (encoder, decoder, pool) = (
            try encoder(codec), try VideoDecoder(codec: codec), VideoFramePool()
        )
        _ = try encoder.encode(
            MovingPicture(width: 320, height: 240).frame(0), timestamp: 0, isKeyframeForced: false)
        let odd = try MovingPicture(width: 161, height: 121).frame(1)
        let frame = try #require(
            try encoder.encode(odd, timestamp: 3_000, isKeyframeForced: false))
        #expect(frame.isKeyframe)
        let decoded = try #require(try decoder.decode(frame, pool: pool))
        // VP9 and H.264 leave out the last column and row.
        guard codec == .vp8 || codec == .av1 else {
            return #expect((decoded.width, decoded.height) == (160, 120))
        }
        #expect((decoded.width, decoded.height) == (161, 121))
        #expect(try lumaPSNR(odd, decoded) > 25)
    }

    @Test(
        "timestamps that wrap, stand still or leap do no harm", arguments: codecs,
        [UInt32.max - 1_000, 5, 1 << 31])
    func oddTimestamps(codec: MediaCodec, start: UInt32) throws {
        let film = MovingPicture(width: 320, height: 240)
        let encoder = try encoder(codec)
        for (index, step) in [0, 3_000, 3_000, 4_000_000_000, 2_999, 2_147_483_648].enumerated() {
            _ = try encoder.encode(
                film.frame(index), timestamp: start &+ UInt32(step), isKeyframeForced: false)
        }
        let frame = try encoder.encode(film.frame(9), timestamp: start &+ 9_000, isKeyframeForced: true)
        #expect(frame?.timestamp == start &+ 9_000)
    }

    @Test("impossible settings are refused", arguments: codecs)
    func invalidSettings(codec: MediaCodec) throws {
        for (width, height, rate) in [(0, 240, 100), (320, 16_384, 100), (320, 240, 0)] {
            let settings = VideoEncoderSettings(width: width, height: height, bitrate: .kilobits(rate))
            #expect(throws: CodecError.self) { try VideoEncoders.make(codec, settings: settings) }
        }
        #expect(throws: CodecError.self) { try encoder(codec).set(bitrate: .zero, framesPerSecond: nil) }
    }
}
