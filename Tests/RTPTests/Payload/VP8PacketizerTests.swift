import MediaCore
import Testing

@testable import RTP

@Suite("VP8 packetizer")
struct VP8PacketizerTests {
    private func frame(
        _ count: Int, isKeyframe: Bool = false, layers: FrameLayers? = nil
    ) -> EncodedFrame {
        EncodedFrame(
            codec: .vp8, bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) },
            isKeyframe: isKeyframe, timestamp: 0, captureTime: .zero, layers: layers)
    }

    private func payloads(
        of frame: EncodedFrame, _ packetizer: inout VP8Packetizer, maximum: Int
    ) -> (payloads: [[UInt8]], markers: [Bool]) {
        var payloads: [[UInt8]] = []
        var markers: [Bool] = []
        packetizer.packetize(frame, maximumPayload: maximum) { descriptor, range, marker in
            payloads.append(descriptor.bytes + frame.bytes[range])
            markers.append(marker)
        }
        return (payloads, markers)
    }

    @Test("pictures of any size come back", arguments: [1, 2, 1_195, 1_196, 1_197, 2_392, 2_393, 100_000])
    func roundTrip(count: Int) throws {
        var packetizer = VP8Packetizer(pictureID: 1)
        let frame = frame(count)
        let (payloads, markers) = payloads(of: frame, &packetizer, maximum: 1_200)
        #expect(VideoDepacketizer.vp8.assemble(payloads) == frame.bytes)
        #expect(payloads.count == (count + 1_195) / 1_196)
        #expect(payloads.allSatisfy { $0.count <= 1_200 })
        let sizes = payloads.map(\.count)
        #expect(try #require(sizes.max()) - #require(sizes.min()) <= 1)
        #expect(markers.last == true && markers.dropLast().allSatisfy { !$0 })
    }

    @Test("pictures are numbered in 15 bits, across the wrap")
    func numbering() throws {
        var packetizer = VP8Packetizer(pictureID: 0x7FFE, tl0PictureIndex: 255)
        var numbers: [UInt16?] = []
        var indexes: [UInt8?] = []
        for _ in 0..<3 {
            let picture = frame(1_300, layers: FrameLayers())
            for payload in payloads(of: picture, &packetizer, maximum: 1_200).payloads {
                let descriptor = try #require(VP8Descriptor(parsing: payload))
                #expect(descriptor.hasLongPictureID && descriptor.temporalLayer == 0)
                numbers.append(descriptor.pictureID)
                indexes.append(descriptor.tl0PictureIndex)
            }
        }
        #expect(numbers == [0x7FFE, 0x7FFE, 0x7FFF, 0x7FFF, 0, 0])
        #expect(indexes == [255, 255, 0, 0, 1, 1])
    }

    @Test("temporal layers are told with the number of their base picture and of the key frame")
    func temporalLayers() throws {
        var packetizer = VP8Packetizer(pictureID: 7, tl0PictureIndex: 255)
        let pattern: [(layer: UInt8, isSync: Bool, base: UInt8)] = [
            (0, true, 255), (2, true, 255), (1, true, 255), (2, false, 255), (0, false, 0), (2, true, 0),
        ]
        for (index, place) in pattern.enumerated() {
            let layers = FrameLayers(
                temporalLayer: place.layer, isSwitchingPoint: place.isSync, isDiscardable: place.layer == 2)
            let picture = frame(100, isKeyframe: index == 0, layers: layers)
            let payload = try #require(payloads(of: picture, &packetizer, maximum: 1_200).payloads.first)
            let descriptor = try #require(VP8Descriptor(parsing: payload))
            #expect(descriptor.temporalLayer == place.layer)
            #expect(descriptor.tl0PictureIndex == place.base)
            #expect(descriptor.isLayerSync == (place.layer > 0 && place.isSync))
            #expect(descriptor.isDiscardable == (place.layer == 2))
            #expect(descriptor.keyIndex == 1)
            #expect(descriptor.pictureID == UInt16(7 + index))
        }
    }

    @Test("without layers the descriptor is four bytes, and nothing is sent for an empty picture")
    func plainDescriptor() {
        var packetizer = VP8Packetizer(pictureID: 0x0102)
        #expect(payloads(of: frame(0), &packetizer, maximum: 1_200).payloads.isEmpty)
        #expect(
            payloads(of: frame(1), &packetizer, maximum: 1_200).payloads == [[0x90, 0x80, 0x81, 0x02, 0]])
    }
}
