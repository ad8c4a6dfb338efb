import Codecs
import MediaCore
import Testing

@Suite("VP8 encoder")
struct VP8EncoderTests {
    private let film = MovingPicture(width: 320, height: 240)

    private func encoder(_ kilobits: Int = 400) throws -> any VideoEncoder {
        try VideoEncoders.make(
            .vp8, settings: VideoEncoderSettings(width: 320, height: 240, bitrate: .kilobits(kilobits)))
    }

    /// Encodes pictures that are hard to predict, and returns their mean rate in kbit/s at 30 pictures
    /// per second.
    private func rate(of encoder: any VideoEncoder, _ indices: Range<Int>) throws -> Double {
        let grainy = MovingPicture(width: 320, height: 240, grain: 30)
        let bytes = try indices.reduce(0) { sum, index in
            let frame = try encoder.encode(grainy.frame(index), timestamp: UInt32(index * 3_000))
            #expect(index == 0 || frame?.isKeyframe != true)
            return sum + (frame?.bytes.count ?? 0)
        }
        return Double(bytes) * 8 / 1_000 / (Double(indices.count) / 30)
    }

    @Test("what comes out of the decoder looks like what went into the encoder")
    func roundTrip() throws {
        let (encoder, decoder, pool) = (try encoder(800), try VideoDecoder(codec: .vp8), VideoFramePool())
        var shown = 0
        for index in 0..<30 {
            let picture = try film.frame(index)
            guard let frame = try encoder.encode(picture, timestamp: UInt32(index * 3_000)) else { continue }
            let decoded = try #require(try decoder.decode(frame, pool: pool))
            #expect(try lumaPSNR(picture, decoded) > 28)
            #expect(decoded.captureTime == picture.captureTime)
            shown += 1
        }
        #expect(shown >= 25)
    }

    @Test("the bitrate is kept and follows a change without a keyframe", arguments: [(600, 250), (250, 600)])
    func bitrateFollows(before: Int, after: Int) throws {
        let encoder = try encoder(before)
        _ = try rate(of: encoder, 0..<60)
        #expect(abs(try rate(of: encoder, 60..<150) / Double(before) - 1) < 0.15)
        try encoder.set(bitrate: .kilobits(after))
        _ = try rate(of: encoder, 150..<180)
        #expect(abs(try rate(of: encoder, 180..<270) / Double(after) - 1) < 0.15)
    }

    @Test("there is a keyframe at the start and exactly where one is forced")
    func keyframesOnDemand() throws {
        let encoder = try encoder(2_000)
        let keyframes = try (0..<40).filter { index in
            let isForced = index == 17 || index == 18
            let frame = try encoder.encode(
                film.frame(index), timestamp: UInt32(index * 3_000), isKeyframeForced: isForced)
            return frame?.isKeyframe == true
        }
        #expect(keyframes == [0, 17, 18])
    }

    @Test("a picture of another size, also an odd one, reopens the encoder with a keyframe")
    func sizeChange() throws {
        let (encoder, decoder, pool) = (try encoder(), try VideoDecoder(codec: .vp8), VideoFramePool())
        _ = try encoder.encode(film.frame(0), timestamp: 0)
        let odd = try MovingPicture(width: 161, height: 121).frame(1)
        let frame = try #require(try encoder.encode(odd, timestamp: 3_000))
        #expect(frame.isKeyframe)
        let decoded = try #require(try decoder.decode(frame, pool: pool))
        #expect((decoded.width, decoded.height) == (161, 121))
        #expect(try lumaPSNR(odd, decoded) > 25)
    }

    @Test(
        "timestamps that wrap, stand still or leap do no harm", arguments: [UInt32.max - 1_000, 5, 1 << 31])
    func oddTimestamps(start: UInt32) throws {
        let encoder = try encoder()
        for (index, step) in [0, 3_000, 3_000, 4_000_000_000, 2_999, 2_147_483_648].enumerated() {
            _ = try encoder.encode(film.frame(index), timestamp: start &+ UInt32(step))
        }
        let frame = try encoder.encode(film.frame(9), timestamp: start &+ 9_000, isKeyframeForced: true)
        #expect(frame?.timestamp == start &+ 9_000)
    }

    @Test("impossible settings are refused")
    func invalidSettings() throws {
        for (width, height, rate) in [(0, 240, 100), (320, 16_384, 100), (320, 240, 0)] {
            let settings = VideoEncoderSettings(width: width, height: height, bitrate: .kilobits(rate))
            #expect(throws: CodecError.self) { try VideoEncoders.make(.vp8, settings: settings) }
        }
        #expect(throws: CodecError.self) { try encoder().set(bitrate: .zero) }
    }
}
