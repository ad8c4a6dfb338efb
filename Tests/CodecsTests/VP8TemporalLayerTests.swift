import Codecs
import MediaCore
import Testing

@Suite("VP8 temporal layers")
struct VP8TemporalLayerTests {
    private let film = MovingPicture(width: 320, height: 240, grain: 6)

    private func encoder(_ kilobits: Int, temporalLayers: Int = 3) throws -> any VideoEncoder {
        try VideoEncoders.make(
            .vp8,
            settings: VideoEncoderSettings(
                width: 320, height: 240, bitrate: .kilobits(kilobits), temporalLayers: temporalLayers))
    }

    private func frames(_ encoder: any VideoEncoder, _ indices: Range<Int>, keyframes: Set<Int> = []) throws
        -> [EncodedFrame]
    {
        try indices.compactMap {
            try encoder.encode(
                film.frame($0), timestamp: UInt32($0 * 3_000), isKeyframeForced: keyframes.contains($0))
        }
    }

    @Test("pictures come in the order 0, 2, 1, 2, which a key frame begins anew")
    func order() throws {
        let frames = try frames(encoder(3_000), 0..<12, keyframes: [6])
        try #require(frames.count == 12)
        #expect(frames.map { $0.layers?.temporalLayer } == [0, 2, 1, 2, 0, 2, 0, 2, 1, 2, 0, 2])
        #expect(frames.indices.filter { frames[$0].isKeyframe } == [0, 6])
        #expect(
            frames.prefix(4).map { $0.layers?.isSwitchingPoint } == [true, true, true, false])
        #expect(frames.allSatisfy { $0.layers?.isDiscardable == ($0.layers?.temporalLayer == 2) })
    }

    @Test(
        "without the upper layers the others decode to the very same pictures", arguments: [0, 1] as [UInt8])
    func upperLayersAreNotNeeded(highest: UInt8) throws {
        let frames = try frames(encoder(700), 0..<40)
        let (whole, part, pool) = (
            try VideoDecoder(codec: .vp8), try VideoDecoder(codec: .vp8), VideoFramePool()
        )
        var compared = 0
        for frame in frames {
            let shown = try #require(try whole.decode(frame, pool: pool))
            guard let layer = frame.layers?.temporalLayer, layer <= highest else { continue }
            let alone = try #require(try part.decode(frame, pool: pool))
            #expect(try lumaPSNR(shown, alone) == 99)
            compared += 1
        }
        #expect(compared >= frames.count / (highest == 0 ? 5 : 3))
    }

    @Test("a receiver may begin with an upper layer at a switching point")
    func switchingPoints() throws {
        let frames = try frames(encoder(700), 0..<40)
        let (whole, late, pool) = (
            try VideoDecoder(codec: .vp8), try VideoDecoder(codec: .vp8), VideoFramePool()
        )
        var begun: UInt8 = 0
        for (index, frame) in frames.enumerated() {
            let layers = try #require(frame.layers)
            let shown = try #require(try whole.decode(frame, pool: pool))
            if index > 20, layers.isSwitchingPoint { begun = max(begun, layers.temporalLayer) }
            guard layers.temporalLayer <= begun else { continue }
            let decoded = try #require(try late.decode(frame, pool: pool))
            #expect(try lumaPSNR(shown, decoded) == 99)
        }
        #expect(begun == 2)
    }

    @Test("the bitrate is kept and follows a change without a keyframe", arguments: [(600, 250), (250, 600)])
    func bitrate(before: Int, after: Int) throws {
        let encoder = try encoder(before)
        _ = try frames(encoder, 0..<60)
        func rate(_ indices: Range<Int>) throws -> Double {
            let frames = try frames(encoder, indices)
            #expect(!frames.contains { $0.isKeyframe })
            let bytes = frames.reduce(0) { $0 + $1.bytes.count }
            return Double(bytes) * 8 / 1_000 / (Double(indices.count) / 30)
        }
        #expect(abs(try rate(60..<150) / Double(before) - 1) < 0.2)
        try encoder.set(bitrate: .kilobits(after))
        _ = try rate(150..<180)
        #expect(abs(try rate(180..<270) / Double(after) - 1) < 0.2)
    }
}
