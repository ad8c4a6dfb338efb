import MediaCore
import Testing

@testable import RTP

@Suite("AV1 packetizer")
struct AV1PacketizerTests {
    private var packetizer = VideoPacketizer.av1(AV1Packetizer())
    private let delimiter: [UInt8] = [0x12, 0]
    private let sequenceHeader: [UInt8] = [0x0A, 3, 1, 2, 3]

    private func frameUnit(_ count: Int) -> [UInt8] {
        var unit: [UInt8] = [0x32]
        LEB128.append(count, to: &unit)
        return unit + content(count)
    }

    @Test("a key picture begins with its sequence header, without delimiter and size fields")
    mutating func keyframe() throws {
        let picture = delimiter + sequenceHeader + frameUnit(2_000)
        let payloads = packetizer.payloads(of: EncodedFrame(.av1, picture, isKeyframe: true))
        #expect(payloads.count == 2)
        #expect(Array(payloads[0].bytes.prefix(7)) == [0x68, 4, 0x08, 1, 2, 3, 0x30] as [UInt8])
        #expect(payloads[1].bytes[0] == 0x90)
        #expect(payloads.map(\.marker) == [false, true])
        #expect(VideoDepacketizer.av1.assemble(payloads.map(\.bytes)) == picture)
        #expect(try #require(VideoDepacketizer.av1.inspect(payloads[0].bytes)).isKeyframe)
        #expect(try !#require(VideoDepacketizer.av1.inspect(payloads[1].bytes)).isKeyframe)
    }

    @Test(
        "pictures of any size come back",
        arguments: [0, 1, 127, 128, 129, 1_136, 1_137, 1_138, 1_139, 2_276, 2_277, 16_384, 90_000])
    mutating func roundTrip(count: Int) {
        for picture in [
            delimiter + frameUnit(count), delimiter + sequenceHeader + frameUnit(count),
            delimiter + frameUnit(count) + frameUnit(count + 1) + frameUnit(3),
        ] {
            let payloads = packetizer.payloads(of: EncodedFrame(.av1, picture))
            #expect(payloads.allSatisfy { $0.bytes.count <= 1_140 })
            #expect(payloads.map(\.marker) == payloads.indices.map { $0 == payloads.count - 1 })
            #expect(VideoDepacketizer.av1.assemble(payloads.map(\.bytes)) == picture)
        }
    }

    @Test("many small units share packets, three at most in each")
    mutating func smallUnits() {
        let picture = delimiter + (0..<7).flatMap { frameUnit($0 + 1) }
        let payloads = packetizer.payloads(of: EncodedFrame(.av1, picture))
        #expect(payloads.map { $0.bytes[0] } == [0x30, 0x30, 0x10])
        #expect(VideoDepacketizer.av1.assemble(payloads.map(\.bytes)) == picture)
    }

    @Test("the layer byte stays, padding and tile lists go, a last unit without size is taken")
    mutating func units() {
        let picture: [UInt8] = delimiter + [0x7A, 2, 0, 0, 0x42, 1, 9, 0x36, 0x28, 1, 7, 0x34, 0x28, 8]
        let payloads = packetizer.payloads(of: EncodedFrame(.av1, picture))
        #expect(payloads.map(\.bytes) == [[0x20, 3, 0x34, 0x28, 7, 0x34, 0x28, 8]])
    }

    @Test(
        "a picture that is cut short is not sent",
        arguments: [[0x32], [0x32, 5, 1], [0x32, 0x80], [0xB2, 1, 1], [0x36]] as [[UInt8]])
    mutating func malformed(picture: [UInt8]) {
        #expect(packetizer.payloads(of: EncodedFrame(.av1, picture)).isEmpty)
    }
}
