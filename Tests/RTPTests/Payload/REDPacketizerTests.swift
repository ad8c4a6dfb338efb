import Testing

@testable import RTP

@Suite("Making of redundant sound")
struct REDPacketizerTests {
    private func payloads(
        _ packets: [(timestamp: UInt32, bytes: [UInt8])], generations: Int = 2, maximum: Int = 1_200
    ) -> [[UInt8]] {
        var packetizer = REDPacketizer(payloadType: PayloadType(111), generations: generations)
        return packets.map { packet in
            var bytes: [UInt8] = []
            packetizer.packetize(
                packet.bytes, timestamp: packet.timestamp, maximumPayload: maximum, into: &bytes)
            return bytes
        }
    }

    @Test("each packet carries the two before it, also across the wrap of the timestamp")
    func copies() {
        let payloads = payloads([(0xFFFF_FC40, [1, 2]), (0, [3]), (960, [4, 5, 6])])
        #expect(payloads[0] == [0x6F, 1, 2])
        #expect(payloads[1] == [0xEF, 0x0F, 0x00, 0x02, 0x6F, 1, 2, 3])
        #expect(
            payloads[2]
                == [0xEF, 0x1E, 0x00, 0x02, 0xEF, 0x0F, 0x00, 0x01, 0x6F, 1, 2, 3, 4, 5, 6])
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let sound = (0..<10).map { [UInt8](repeating: UInt8($0), count: 10 * $0) }
        let payloads = payloads(sound.enumerated().map { (UInt32($0) * 960, $1) })
        for index in 2..<10 {
            let payload = try #require(REDPayload(parsing: payloads[index]))
            #expect(payload.redundantCount == 2)
            #expect(Array(payloads[index][payload.primary.range]) == sound[index])
            for copy in 0..<2 {
                let block = try #require(payload.redundant(at: copy))
                #expect(Array(payloads[index][block.range]) == sound[index - 2 + copy])
                #expect(block.timestampOffset == UInt32(2 - copy) * 960)
            }
        }
    }

    @Test("copies that are too old, too long or too much are left out")
    func limits() {
        #expect(payloads([(0, [1]), (0x4000, [2])])[1] == [0x6F, 2])
        #expect(payloads([(0, [1]), (0, [2])])[1] == [0x6F, 2])
        let long = [UInt8](repeating: 1, count: 1_024)
        #expect(payloads([(0, long), (960, [2])])[1] == [0x6F, 2])
        #expect(payloads([(0, [1]), (960, [2]), (1_920, [3])], maximum: 7)[2].count == 7)
        #expect(payloads([(0, [1]), (960, [2]), (1_920, [3])], generations: 1)[2].count == 7)
    }
}
