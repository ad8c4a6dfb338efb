import MediaCore
import Testing

@testable import Codecs

@Suite("VP9 encoder")
struct VP9EncoderTests {
    private let film = MovingPicture(width: 960, height: 540)
    private let pool = VideoFramePool()

    private func encoder(_ kilobits: Int = 2_000, isScreen: Bool = false) throws -> any VideoEncoder {
        try VideoEncoders.make(
            .vp9,
            settings: VideoEncoderSettings(
                width: 960, height: 540, bitrate: .kilobits(kilobits), isScreen: isScreen))
    }

    /// Encodes pictures with their numbers in the film; those that rate control dropped are left out.
    private func encode(
        _ count: Int, with encoder: any VideoEncoder
    ) throws -> [(index: Int, frame: EncodedFrame, layers: FrameLayers)] {
        try (0..<count).compactMap { index in
            let frame = try encoder.encode(film.frame(index), timestamp: UInt32(index * 3_000))
            return try frame.map { (index, $0, try #require($0.layers)) }
        }
    }

    /// One size of a picture, as a receiver gets it that wants no other.
    private func part(_ size: Int, of frame: EncodedFrame, _ layers: FrameLayers) throws -> EncodedFrame {
        let range = try #require(layers.spatial.indices.contains(size) ? layers.spatial[size].range : nil)
        return EncodedFrame(.vp9, Array(frame.bytes[range]), isKeyframe: frame.isKeyframe)
    }

    @Test(
        "a picture has three sizes, each half of the next, which depend on one another in key pictures only")
    func sizes() throws {
        let frames = try encode(8, with: encoder())
        let key = try #require(frames.first)
        #expect(key.frame.isKeyframe)
        #expect(key.layers.spatial.map(\.width) == [240, 480, 960])
        #expect(key.layers.spatial.map(\.height) == [136, 270, 540])
        #expect(key.layers.spatial.map(\.dependsOnLowerLayer) == [false, true, true])
        #expect(key.layers.spatial.map(\.isReferencedByUpperLayer) == [true, true, false])
        for (_, frame, layers) in frames.dropFirst() {
            #expect(!frame.isKeyframe && layers.spatial.count == 3)
            #expect(layers.spatial.allSatisfy { $0.isInterPicture && !$0.dependsOnLowerLayer })
        }
    }

    @Test("after the key picture each size is decoded without the others", arguments: [0, 1, 2])
    func oneSize(size: Int) throws {
        let decoder = try VideoDecoder(codec: .vp9)
        let frames = try encode(30, with: encoder())
        for (index, frame, layers) in frames {
            if frame.isKeyframe {
                for lower in 0..<size { _ = try decoder.decode(part(lower, of: frame, layers), pool: pool) }
            }
            let decoded = try #require(try decoder.decode(part(size, of: frame, layers), pool: pool))
            #expect(decoded.width == 960 >> (2 - size))
            let whole = try #require(
                ImageScaler.scale(film.frame(index), to: decoded.width, decoded.height, pool: pool))
            #expect(try lumaPSNR(whole, decoded) > 22)
        }
        #expect(frames.count > 10)
    }

    @Test("pictures of upper temporal layers can be left out", arguments: [0, 1] as [UInt8])
    func fewerPictures(highest: UInt8) throws {
        let decoder = try VideoDecoder(codec: .vp9)
        var shown = 0
        for (index, frame, layers) in try encode(40, with: encoder()) where layers.temporalLayer <= highest {
            let decoded = try #require(try decoder.decode(frame, pool: pool))
            #expect(try lumaPSNR(film.frame(index), decoded) > 22)
            shown += 1
        }
        #expect(shown >= 8)
    }

    @Test("the pictures come in the order 0, 2, 1, 2 and say what they are predicted from")
    func pattern() throws {
        let layers = try encode(60, with: encoder()).map(\.layers)
        for (index, layer) in layers.enumerated() {
            #expect(layer.temporalLayer == [0, 2, 1, 2][index % 4])
            #expect(layer.references == (index == 0 ? [] : [[4], [1], [2], [1]][index % 4]))
            #expect(layer.isSwitchingPoint == (index % 4 != 3))
        }
        #expect(layers.count > 20)
    }

    @Test("a low bitrate leaves out large sizes; they return with a key picture")
    func lowBitrate() throws {
        let encoder = try encoder()
        func sizes(_ indices: Range<Int>) throws -> (sizes: Set<Int>, keys: Int) {
            let frames = try indices.compactMap {
                try encoder.encode(film.frame($0), timestamp: UInt32($0 * 3_000))
            }
            return (Set(frames.compactMap(\.layers?.spatial.count)), frames.count { $0.isKeyframe })
        }
        #expect(try sizes(0..<10) == ([3], 1))
        try encoder.set(bitrate: .kilobits(300))
        #expect(try sizes(10..<20) == ([2], 0))
        try encoder.set(bitrate: .kilobits(60))
        #expect(try sizes(20..<40) == ([1], 0))
        try encoder.set(bitrate: .kilobits(2_000))
        #expect(try sizes(40..<60) == ([3], 1))
    }

    @Test("sizes that nobody watches are left out until somebody does")
    func unwatchedSizes() throws {
        let encoder = try encoder()
        try encoder.set(spatialLayers: 1)
        let few = try encode(6, with: encoder)
        #expect(few.allSatisfy { $0.layers.spatial.map(\.width) == [240] })
        try encoder.set(spatialLayers: 3)
        let all = try encode(6, with: encoder)
        #expect(all.first?.frame.isKeyframe == true)
        #expect(all.allSatisfy { $0.layers.spatial.count == 3 })
    }

    @Test("a screen has one size")
    func screen() throws {
        let frames = try encode(4, with: encoder(isScreen: true))
        #expect(frames.allSatisfy { $0.layers.spatial.count == 1 && $0.layers.spatial[0].width == 960 })
    }
}

@Suite("VP9 sizes and superframes")
struct VP9SizesTests {
    @Test(
        "how many sizes there are depends on the longer side",
        arguments: [(1_280, 720, 3), (720, 1_280, 3), (959, 540, 2), (480, 270, 2), (479, 270, 1), (2, 2, 1)])
    func counts(width: Int, height: Int, count: Int) {
        let sizes = VP9Sizes(width: width, height: height, isScreen: false)
        #expect(sizes.activeCount == count)
        #expect(sizes.sizes.allSatisfy { $0.width.isMultiple(of: 2) && $0.height.isMultiple(of: 2) })
        #expect(VP9Sizes(width: width, height: height, isScreen: true).activeCount == 1)
    }

    @Test("each size gets three times what the one below gets, and nothing when it is left out")
    func shares() {
        var sizes = VP9Sizes(width: 1_280, height: 720, isScreen: false)
        #expect(sizes.shares(of: .kilobits(1_300)) == [100, 300, 900])
        let changes = [1_300, 600, 700, 900].map { sizes.choose(for: .kilobits($0)) }
        #expect(changes == [false, true, false, true])
        _ = sizes.choose(for: .kilobits(400))
        #expect(sizes.shares(of: .kilobits(400)) == [100, 300, 0])
        _ = sizes.choose(for: .kilobits(1))
        #expect(sizes.shares(of: .kilobits(1)) == [1, 0, 0])
    }

    @Test("the index says where the parts are, and one that lies is refused")
    func superframes() {
        #expect(VP9Superframe.parts(of: [1, 2, 3, 0xC1, 1, 2, 0xC1]) == [0..<1, 1..<3])
        #expect(VP9Superframe.parts(of: [1, 2, 0xC9, 1, 0, 1, 0, 0xC9]) == [0..<1, 1..<2])
        #expect(VP9Superframe.parts(of: [1, 2, 3]) == [0..<3])
        #expect(VP9Superframe.parts(of: [1, 2, 0xC1]) == [0..<3])
        #expect(VP9Superframe.parts(of: [1, 2, 3, 0xC1, 1, 3, 0xC1]) == nil)
        #expect(VP9Superframe.parts(of: [1, 2, 3, 0xC1, 0, 3, 0xC1]) == nil)
    }
}
