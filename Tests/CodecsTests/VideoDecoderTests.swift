import CAVCodec
import Codecs
import MediaCore
import Testing

@Suite("Video decoder")
struct VideoDecoderTests {
    private let film = MovingPicture(width: 128, height: 96)
    private let pool = VideoFramePool()

    @Test(
        "pictures of foreign encoders come out at once and alike",
        arguments: [.vp8, .vp9, .h264, .av1] as [MediaCodec])
    func foreignStreams(codec: MediaCodec) throws {
        let encoder = try ReferenceEncoder(codec: codec, width: 128, height: 96)
        let decoder = try VideoDecoder(codec: codec)
        for index in 0..<12 {
            let picture = try film.frame(index)
            var frame = try encoder.encode(picture, index: index)
            frame.presentAt = MonotonicTime(microseconds: 77)
            let decoded = try #require(try decoder.decode(frame, pool: pool))
            #expect(try lumaPSNR(picture, decoded) > 25)
            #expect(decoded.presentAt == frame.presentAt)
        }
    }

    @Test(
        "pictures of full chroma or of 10 bits are shown as 4:2:0 of 8",
        arguments: [AV_PIX_FMT_YUV444P.rawValue, AV_PIX_FMT_YUV420P10LE.rawValue])
    func otherFormats(format: Int32) throws {
        let encoder = try ReferenceEncoder(
            codec: .h264, width: 128, height: 96, format: AVPixelFormat(format))
        let picture = try film.frame(0)
        let decoded = try VideoDecoder(codec: .h264).decode(encoder.encode(picture, index: 0), pool: pool)
        #expect(try lumaPSNR(picture, #require(decoded)) > 25)
    }

    @Test("of a VP9 superframe the last layer is shown")
    func spatialLayers() throws {
        let small = try ReferenceEncoder(codec: .vp9, width: 64, height: 48)
            .encode(MovingPicture(width: 64, height: 48).frame(0), index: 0)
        let large = try ReferenceEncoder(codec: .vp9, width: 128, height: 96).encode(film.frame(0), index: 0)
        let decoder = try VideoDecoder(codec: .vp9)
        let decoded = try decoder.decode(
            EncodedFrame(.vp9, superframe([small.bytes, large.bytes])), pool: pool)
        #expect(decoded?.width == 128)
    }

    /// Layers of one picture with the index behind them (VP9 bitstream specification, annex B).
    private func superframe(_ layers: [[UInt8]]) -> [UInt8] {
        let marker = UInt8(0b1101_1000 | layers.count - 1)
        let sizes = layers.flatMap { layer in
            (0..<4).map { UInt8(truncatingIfNeeded: layer.count >> ($0 * 8)) }
        }
        return layers.flatMap { $0 } + [marker] + sizes + [marker]
    }

    @Test(
        "after damage the next keyframe is shown again", arguments: [.vp8, .vp9, .h264, .av1] as [MediaCodec])
    func recovery(codec: MediaCodec) throws {
        let encoder = try ReferenceEncoder(codec: codec, width: 128, height: 96)
        let key = try encoder.encode(film.frame(0), index: 0)
        let decoder = try VideoDecoder(codec: codec)
        _ = try? decoder.decode(EncodedFrame(codec, Array(key.bytes.prefix(9))), pool: pool)
        #expect(throws: CodecError.self) { try decoder.decode(EncodedFrame(codec, []), pool: pool) }
        #expect(try decoder.decode(key, pool: pool) != nil)
    }

    @Test("a picture too large to be honest is refused")
    func hugePicture() throws {
        // A VP8 keyframe header of 16,383 x 16,383 (RFC 6386 §9.1).
        let bytes: [UInt8] =
            [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f] + Array(repeating: 0, count: 64)
        #expect(throws: CodecError.self) {
            try VideoDecoder(codec: .vp8).decode(EncodedFrame(.vp8, bytes), pool: pool)
        }
    }

    @Test("of a library that is not installed, the loader's own words are told")
    func missingLibrary() throws {
        var functions = cavcodec_functions()
        #expect(cavcodec_load(cavcodec_file, &functions) == nil)
        let complaint = try #require(cavcodec_load("libavcodec.so.0", &functions))
        #expect(String(cString: complaint).hasPrefix("libavcodec.so.0: "))
    }

    @Test(
        "10,000 damaged frames neither crash nor hang it",
        arguments: [.vp8, .vp9, .h264, .av1] as [MediaCodec])
    func damage(codec: MediaCodec) throws {
        let small = MovingPicture(width: 64, height: 48)
        let encoder = try ReferenceEncoder(codec: codec, width: 64, height: 48)
        let stream = try (0..<8).map { try encoder.encode(small.frame($0), index: $0) }
        let decoder = try VideoDecoder(codec: codec)
        var generator = SeededGenerator(seed: 2_026)
        var (refused, shown) = (0, 0)
        for round in 0..<10_000 {
            var frame = stream[round % stream.count]
            // Whole keyframes in between give the damaged ones something to build on.
            if round % 16 != 0 { frame.bytes = frame.bytes.damagedAsMedia(using: &generator) }
            do {
                shown += try decoder.decode(frame, pool: pool) == nil ? 0 : 1
            } catch {
                refused += 1
            }
        }
        #expect(refused > 100)
        #expect(shown > 600)
    }
}
