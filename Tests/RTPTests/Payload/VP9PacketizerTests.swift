import MediaCore
import Testing

@testable import RTP

@Suite("VP9 packetizer")
struct VP9PacketizerTests {
    private func frame(_ sizes: [Int], isKeyframe: Bool, references: [Int], temporalLayer: UInt8 = 0)
        -> EncodedFrame
    {
        var start = 0
        let parts = sizes.enumerated().map { index, size in
            defer { start += size }
            return SpatialLayer(
                range: start..<start + size, width: 320 << index, height: 180 << index,
                isInterPicture: !isKeyframe, dependsOnLowerLayer: isKeyframe && index > 0,
                isReferencedByUpperLayer: isKeyframe && index + 1 < sizes.count)
        }
        return EncodedFrame(
            .vp9, content(start), isKeyframe: isKeyframe,
            layers: FrameLayers(
                temporalLayer: temporalLayer, isSwitchingPoint: true, references: references, spatial: parts))
    }

    @Test("a key picture names its layers, their sizes, and which depends on which")
    func keyPicture() throws {
        var packetizer = try #require(VideoPacketizer(.vp9, pictureID: 0x1234))
        let frame = frame([100, 1_500, 3_000], isKeyframe: true, references: [])
        let payloads = packetizer.payloads(of: frame)
        #expect(payloads.count == 6)
        let first: [UInt8] = [
            0xBE, 0x92, 0x34, 0x10, 0x50, 1, 64, 0, 180, 2, 128, 1, 104, 5, 0, 2, 208,
        ]
        #expect(Array(payloads[0].bytes.prefix(17)) == first)
        let read = try payloads.map { try #require(VP9Descriptor(parsing: $0.bytes)) }
        #expect(read.map(\.spatialLayer) == [0, 1, 1, 2, 2, 2])
        #expect(read.map(\.startsLayer) == [true, true, false, true, false, false])
        #expect(read.map(\.endsLayer) == [true, false, true, false, false, true])
        #expect(read.map(\.dependsOnLowerLayer) == [false, true, true, true, true, true])
        #expect(read.map(\.isNotForUpperLayers) == [false, false, false, true, true, true])
        #expect(read.allSatisfy { !$0.isInterPicture && $0.isFlexible && $0.pictureID == 0x1234 })
        #expect(read[0].size == PictureSize(width: 1_280, height: 720))
        #expect(read.map(\.startsFrame) == [true, false, false, false, false, false])
        #expect(payloads.map(\.marker) == [false, false, false, false, false, true])
        #expect(payloads.allSatisfy { $0.bytes.count <= 1_140 })
    }

    @Test("the layers come back with an index behind them", arguments: [true, false])
    func roundTrip(isKeyframe: Bool) throws {
        var packetizer = try #require(VideoPacketizer(.vp9, pictureID: 0))
        let frame = frame([300, 1_200, 2_000], isKeyframe: isKeyframe, references: isKeyframe ? [] : [1])
        let bytes = try #require(VideoDepacketizer.vp9.assemble(packetizer.payloads(of: frame).map(\.bytes)))
        let index: [UInt8] = [0xDA, 44, 1, 0, 0, 176, 4, 0, 0, 208, 7, 0, 0, 0xDA]
        #expect(bytes == frame.bytes + index)
    }

    @Test("later pictures name what they are predicted from, in seven bits each")
    func references() throws {
        var packetizer = try #require(VideoPacketizer(.vp9, pictureID: 0))
        let frame = frame([10], isKeyframe: false, references: [2, 127, 128, 4, 5], temporalLayer: 1)
        let payload = try #require(packetizer.payloads(of: frame).first)
        #expect(Array(payload.bytes.prefix(7)) == [0xFD, 0x80, 0, 0x30, 5, 255, 8] as [UInt8])
        let read = try #require(VP9Descriptor(parsing: payload.bytes))
        #expect(read.temporalLayer == 1 && read.isSwitchingPoint && read.encodedLength == 7)
    }

    @Test(
        "pictures are numbered in 15 bits, across the wrap", arguments: [0, 127, 0x7FFE, 0x7FFF] as [UInt16])
    func numbering(first: UInt16) throws {
        var packetizer = try #require(VideoPacketizer(.vp9, pictureID: first))
        for step in 0..<4 as Range<UInt16> {
            for payload in packetizer.payloads(of: EncodedFrame(.vp9, content(1_500))) {
                let read = try #require(VP9Descriptor(parsing: payload.bytes))
                #expect(read.pictureID == (first + step) & 0x7FFF)
                #expect(read.isInterPicture)
            }
        }
    }

    @Test("layers that lie outside the frame are not sent")
    func badLayers() throws {
        var packetizer = try #require(VideoPacketizer(.vp9, pictureID: 0))
        var frame = frame([100, 100], isKeyframe: false, references: [1])
        frame.bytes.removeLast(1)
        #expect(packetizer.payloads(of: frame).isEmpty)
    }
}
