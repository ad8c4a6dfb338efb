import MediaCore
import Testing

@testable import RTP

@Suite("H.264 packetizer")
struct H264PacketizerTests {
    private let parameters: [UInt8] = [0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x3C]
    private var packetizer = VideoPacketizer.h264(H264Packetizer())

    private func slice(_ header: UInt8, _ count: Int) -> [UInt8] { [0, 0, 0, 1, header] + content(count) }

    @Test("parameter sets travel in one packet, a large picture in pieces behind them")
    mutating func keyframe() throws {
        let picture = parameters + slice(0x65, 3_000)
        let payloads = packetizer.payloads(of: EncodedFrame(.h264, picture, isKeyframe: true))
        #expect(payloads.count == 4)
        #expect(payloads[0].bytes == [0x78, 0, 4, 0x67, 0x42, 0xC0, 0x1F, 0, 3, 0x68, 0xCE, 0x3C])
        #expect(payloads.map { $0.bytes[0] & 0x1F } == [24, 28, 28, 28])
        #expect(payloads.dropFirst().map { $0.bytes[1] } == [0x85, 0x05, 0x45])
        #expect(payloads.map(\.marker) == [false, false, false, true])
        #expect(VideoDepacketizer.h264.assemble(payloads.map(\.bytes)) == picture)
        let info = try #require(VideoDepacketizer.h264.inspect(payloads[0].bytes))
        #expect(info.isKeyframe && info.startsFrame)
    }

    @Test(
        "pictures of any size come back",
        arguments: [1, 2, 1_138, 1_139, 1_140, 1_141, 2_276, 2_277, 2_278, 90_000])
    mutating func roundTrip(count: Int) {
        let picture = slice(0x41, count)
        let payloads = packetizer.payloads(of: EncodedFrame(.h264, picture))
        #expect(payloads.allSatisfy { $0.bytes.count <= 1_140 })
        #expect(payloads.map(\.marker) == payloads.indices.map { $0 == payloads.count - 1 })
        #expect(VideoDepacketizer.h264.assemble(payloads.map(\.bytes)) == picture)
    }

    @Test("several slices fill packets together as far as they fit")
    mutating func slices() {
        let picture = slice(0x41, 500) + slice(0x01, 500) + slice(0x41, 500) + slice(0x41, 2_000)
        let payloads = packetizer.payloads(of: EncodedFrame(.h264, picture))
        #expect(payloads.map { $0.bytes[0] } == [0x58, 0x41, 0x5C, 0x5C])
        #expect(VideoDepacketizer.h264.assemble(payloads.map(\.bytes)) == picture)
    }

    @Test("delimiters, filler and the zeros behind units are left out, short start codes are understood")
    mutating func whatIsLeftOut() {
        let picture: [UInt8] = [
            0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x41, 7, 0, 3, 0, 0, 0, 0, 0, 1, 0x0C, 0xFF, 0, 0, 1, 0x41, 8,
            0, 0,
        ]
        let payloads = packetizer.payloads(of: EncodedFrame(.h264, picture))
        #expect(payloads.map(\.bytes) == [[0x58, 0, 4, 0x41, 7, 0, 3, 0, 2, 0x41, 8]])
        #expect(payloads[0].marker)
    }

    @Test("bytes without a start code are no picture")
    mutating func noStartCode() {
        #expect(packetizer.payloads(of: EncodedFrame(.h264, [0, 1, 0x65, 7])).isEmpty)
    }
}
