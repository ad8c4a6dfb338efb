import Testing

@testable import RTP

@Suite("VP9 payloads")
struct VP9Tests {
    /// Two spatial layers in non-flexible mode with a scalability structure: sizes and a group of two
    /// pictures.
    private let structured: [UInt8] = [
        0xAA, 0x81, 0x02, 0x00, 0x07, 0x38, 0x01, 0x40, 0x00, 0xB4, 0x02, 0x80, 0x01, 0x68, 2, 0x00, 0x14,
        0x01, 0xEE,
    ]

    @Test("a scalability structure is passed over and gives the size of the highest layer")
    func structure() throws {
        let descriptor = try #require(VP9Descriptor(parsing: structured))
        #expect(descriptor.encodedLength == structured.count - 1)
        #expect(descriptor.pictureID == 0x0102 && descriptor.tl0PictureIndex == 7)
        #expect(descriptor.size == PictureSize(width: 640, height: 360))
        let info = try #require(VideoDepacketizer.vp9.inspect(structured))
        #expect(info.isKeyframe && info.startsFrame && info.spatialLayer == 0)
    }

    @Test("layers, switching point and dependence are found")
    func layers() throws {
        let descriptor = try #require(VP9Descriptor(parsing: [0xE4, 0x05, 0x55, 0x09, 0xEE]))
        #expect(descriptor.pictureID == 5)
        #expect(descriptor.temporalLayer == 2 && descriptor.isSwitchingPoint)
        #expect(descriptor.spatialLayer == 2 && descriptor.dependsOnLowerLayer)
        #expect(descriptor.tl0PictureIndex == 9)
        #expect(descriptor.endsLayer && !descriptor.startsLayer && descriptor.isInterPicture)
    }

    @Test("flexible mode has references instead of an index", arguments: [1, 2, 3])
    func references(count: Int) throws {
        let references = (1...count).map { UInt8($0 << 1 | ($0 < count ? 1 : 0)) }
        let descriptor = try #require(VP9Descriptor(parsing: [0xF8, 0x05, 0x00] + references + [0xEE]))
        #expect(descriptor.isFlexible && descriptor.tl0PictureIndex == nil)
        #expect(descriptor.encodedLength == 3 + count)
    }

    @Test(
        "descriptors that contradict themselves are dropped",
        arguments: [
            [], [0x08], [0x80], [0x80, 0x80, 1], [0x80, 0x80, 0x01], [0x20], [0x20, 0x00, 0x01],
            [0x18, 0, 0],
            [0xD8, 1, 3, 3, 3, 0xEE], [0x0A, 0x30, 0, 1, 0, 1, 0, 1], [0x0A, 0x08, 255, 0],
        ] as [[UInt8]])
    func malformed(payload: [UInt8]) {
        #expect(VP9Descriptor(parsing: payload) == nil)
    }

    @Test(
        "the first packet of the lowest layer begins a picture",
        arguments: [
            // B, layer byte (spatial layer 0...2, depends on the one below), begins, key frame
            (0x08, 0x00, true, true), (0x48, 0x00, true, false), (0x00, 0x00, false, false),
            (0x08, 0x03, false, false), (0x48, 0x05, false, false), (0x48, 0x04, true, false),
        ] as [(UInt8, UInt8, Bool, Bool)])
    func pictureStart(flags: UInt8, layers: UInt8, starts: Bool, isKeyframe: Bool) throws {
        let info = try #require(VideoDepacketizer.vp9.inspect([0x20 | flags, layers, 0, 0xEE]))
        #expect(info.startsFrame == starts && info.isKeyframe == isKeyframe)
    }

    private let base: [[UInt8]] = [[0x28, 0x00, 0, 1], [0x24, 0x00, 0, 2]]
    private let upper: [[UInt8]] = [[0x2C, 0x03, 0, 3]]

    @Test("the layers of a picture are joined in order, with an index of their sizes behind them")
    func assemblingLayers() {
        #expect(
            VideoDepacketizer.vp9.assemble(base + upper)
                == [1, 2, 3, 0xD9, 2, 0, 0, 0, 1, 0, 0, 0, 0xD9])
    }

    @Test("a single layer has no index")
    func assemblingOneLayer() {
        #expect(VideoDepacketizer.vp9.assemble(base) == [1, 2])
        #expect(VideoDepacketizer.vp9.assemble(upper) == [3])
    }

    @Test("a picture with a gap in a layer, or with more than eight of them, is unusable")
    func gaps() {
        #expect(
            VideoDepacketizer.vp9.assemble([base[0]] + upper) == nil, "the end of the first layer is missing")
        #expect(VideoDepacketizer.vp9.assemble([base[0]]) == nil)
        #expect(VideoDepacketizer.vp9.assemble([base[1]]) == nil)
        #expect(VideoDepacketizer.vp9.assemble([]) == nil)
        #expect(VideoDepacketizer.vp9.assemble([[UInt8]](repeating: upper[0], count: 8)) != nil)
        #expect(VideoDepacketizer.vp9.assemble([[UInt8]](repeating: upper[0], count: 9)) == nil)
    }

    @Test("damaged payloads never trap")
    func mutations() {
        var mutations = Mutations(seed: 9628)
        var valid = 0
        for _ in 0..<10_000 {
            let payload = mutations.next(of: [
                structured, [0xF8, 5, 0, 3, 3, 2, 1, 1, 1], [0x2C, 0, 0, 1, 1, 1, 1],
            ])
            if VideoDepacketizer.vp9.inspect(payload) != nil { valid += 1 }
            if let bytes = VideoDepacketizer.vp9.assemble([payload]) { #expect(bytes.count < payload.count) }
        }
        #expect((3_000..<10_000).contains(valid))
    }
}
