import MediaCore
import Testing

@testable import RTP

@Suite("Dependency descriptor")
struct DependencyDescriptorWriterTests {
    /// The pattern of pictures after a key picture.
    private static let places: [FrameLayers] = [
        FrameLayers(temporalLayer: 2, isSwitchingPoint: true, references: [1]),
        FrameLayers(temporalLayer: 1, isSwitchingPoint: true, references: [2]),
        FrameLayers(temporalLayer: 2, references: [1]),
        FrameLayers(temporalLayer: 0, isSwitchingPoint: true, references: [4]),
    ]

    /// A picture of so many sizes, each of 100 bytes.
    private static func picture(_ sizes: Int, _ layers: FrameLayers = FrameLayers(), isKey: Bool = false)
        -> EncodedFrame
    {
        var layers = layers
        layers.spatial = (0..<sizes).map { index in
            SpatialLayer(
                range: index * 100..<index * 100 + 100, width: 320 << index, height: 180 << index,
                isInterPicture: !isKey, dependsOnLowerLayer: isKey && index > 0,
                isReferencedByUpperLayer: isKey && index + 1 < sizes)
        }
        return EncodedFrame(.vp9, content(sizes * 100), isKeyframe: isKey, layers: layers)
    }

    /// The descriptors of a picture, one packet for each size.
    private static func descriptors(
        _ frame: EncodedFrame, _ writer: inout DependencyDescriptorWriter
    ) -> [[UInt8]] {
        let longest = writer.begin(frame)
        return (frame.layers?.spatial ?? []).map { part in
            writer.describe(part.range)
            #expect(writer.bytes.count <= longest)
            return writer.bytes
        }
    }

    @Test("a key picture of three sizes brings the structure, in its first packet only")
    func keyPicture() throws {
        var writer = DependencyDescriptorWriter(frameNumber: 0xFFFE)
        let frame = Self.picture(3, isKey: true)
        let longest = writer.begin(frame)
        #expect(longest == 96)
        writer.describe(0..<50)
        // Put together by hand from the tables of L3T3_KEY and the syntax in Appendix A.
        let first: [UInt8] = [
            0x80, 0xFF, 0xFE, 0x80, 0x08, 0x14, 0x85, 0x21, 0x4E, 0xAA, 0xAA, 0xA8, 0x00, 0x06, 0x00, 0x00,
            0x40, 0x00, 0x10, 0x00, 0x02, 0xAA, 0x80, 0xA8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00, 0x10, 0x00,
            0x02, 0xA0, 0x00, 0xA8, 0x00, 0x06, 0x00, 0x00, 0x40, 0x00, 0x16, 0xD5, 0x49, 0x24, 0x1B, 0x55,
            0x24, 0x90, 0x6D, 0x54, 0x92, 0x31, 0x57, 0xE0, 0x01, 0x97, 0x4C, 0xA8, 0x64, 0x33, 0x0E, 0x22,
            0x23, 0x96, 0xEC, 0xA8, 0x65, 0x53, 0x04, 0x22, 0x43, 0x90, 0xEC, 0xA8, 0x77, 0x53, 0x01, 0x3F,
            0x00, 0xB3, 0x02, 0x7F, 0x01, 0x67, 0x04, 0xFF, 0x02, 0xCF,
        ]
        #expect(writer.bytes == first)
        writer.describe(50..<100)
        #expect(writer.bytes == [0x40, 0xFF, 0xFE])
        writer.describe(100..<200)
        #expect(writer.bytes == [0xC5, 0xFF, 0xFF])
        writer.describe(200..<300)
        #expect(writer.bytes == [0xCA, 0, 0])
    }

    @Test("a screen has one size: L1T3")
    func screen() {
        var writer = DependencyDescriptorWriter(frameNumber: 0x1234)
        var frame = Self.picture(1, isKey: true)
        frame.layers?.spatial[0].width = 1_920
        frame.layers?.spatial[0].height = 1_080
        let first: [UInt8] = [
            0xC0, 0x12, 0x34, 0x80, 0x02, 0x14, 0xEA, 0xA8, 0x60, 0x41, 0x4D, 0x14, 0x10, 0x20, 0x84, 0x27,
            0x07, 0x7F, 0x04, 0x37,
        ]
        let descriptors = Self.descriptors(frame, &writer)
        #expect(descriptors == [first])
        let later = Self.places.map { Self.descriptors(Self.picture(1, $0), &writer)[0] }
        #expect(
            later == [[0xC3, 0x12, 0x35], [0xC2, 0x12, 0x36], [0xC4, 0x12, 0x37], [0xC1, 0x12, 0x38]])
    }

    @Test("later pictures name their templates in three bytes", arguments: [0, 65_520] as [UInt16])
    func templates(first: UInt16) {
        var writer = DependencyDescriptorWriter(frameNumber: first)
        _ = Self.descriptors(Self.picture(3, isKey: true), &writer)
        var number = first &+ 3
        for index in 0..<40 {
            let descriptors = Self.descriptors(Self.picture(3, Self.places[index % 4]), &writer)
            for (size, descriptor) in descriptors.enumerated() {
                let template = UInt8([3, 2, 4, 1][index % 4] + 5 * size)
                #expect(
                    descriptor == [0xC0 | template, UInt8(number >> 8), UInt8(truncatingIfNeeded: number)])
                number &+= 1
            }
        }
    }

    @Test("when sizes are left out, which there are and what differs from the templates is said")
    func fewerSizes() {
        var writer = DependencyDescriptorWriter(frameNumber: 0)
        _ = Self.descriptors(Self.picture(3, isKey: true), &writer)
        // Frames 3 and 4 build on 0 and 1, as they would with three sizes; but there are no targets of the third.
        let second = Self.descriptors(Self.picture(2, Self.places[0]), &writer)
        // Flags 01000, targets 000111111.
        #expect(second[0] == [0xC3, 0, 3, 0b0100_0000, 0b1111_1100])
        #expect(second[1] == [0xC8, 0, 4, 0b0100_0000, 0b1111_1100])
        // Frame 5 builds on 0, five frames back instead of six; chains 5, 4 and none.
        let third = Self.descriptors(Self.picture(2, Self.places[1]), &writer)
        #expect(
            third[0] == [
                0xC2, 0, 5, 0b0101_1000, 0b1111_1101, 0b0100_0000, 0b0001_0100, 0b0001_0000, 0,
            ])
        for index in 2..<400 {
            let lengths = Self.descriptors(Self.picture(2, Self.places[index % 4]), &writer).map(\.count)
            #expect(lengths.allSatisfy { $0 > 3 })
        }
    }

    @Test("another structure gets other template numbers; the same one keeps them")
    func offsets() {
        var writer = DependencyDescriptorWriter(frameNumber: 0)
        let identifiers = [3, 3, 2, 1, 3, 3, 3].map { sizes in
            Self.descriptors(Self.picture(sizes, isKey: true), &writer)[0][0] & 0x3F
        }
        #expect(identifiers == [0, 0, 15, 25, 30, 30, 30])
    }

    @Test("without layers, or before a key picture, there is no descriptor")
    func nothingKnown() {
        var writer = DependencyDescriptorWriter(frameNumber: 0)
        let early = writer.begin(Self.picture(3, Self.places[0]))
        #expect(early == 0)
        writer.describe(0..<100)
        #expect(writer.bytes.isEmpty)
        _ = Self.descriptors(Self.picture(2, isKey: true), &writer)
        // A third size has nothing to build on.
        let third = Self.descriptors(Self.picture(3, Self.places[0]), &writer)
        #expect(third == [[], [], []])
        let plain = writer.begin(EncodedFrame(.vp9, content(10)))
        #expect(plain == 0)
        // Numbers of templates that were in use do not come to mean others.
        let next = Self.descriptors(Self.picture(1, isKey: true), &writer)
        #expect(next[0][0] == 0xC0 | 10)
    }
}
