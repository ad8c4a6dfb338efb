import Testing

@testable import RTP

@Suite("Redundant sound")
struct REDPayloadTests {
    /// Two copies, 1,920 and 960 older, of two and one bytes, then three bytes of the packet itself.
    private let example: [UInt8] = [0xEF, 0x1E, 0x00, 0x02, 0xEF, 0x0F, 0x00, 0x01, 0x6F, 1, 2, 3, 4, 5, 6]

    @Test("copies and the packet itself are found")
    func splitting() throws {
        let payload = try #require(REDPayload(parsing: example))
        #expect(payload.redundantCount == 2)
        #expect(
            payload.redundant(at: 0)
                == REDPayload.Block(payloadType: PayloadType(111), timestampOffset: 1_920, range: 9..<11))
        #expect(
            payload.redundant(at: 1)
                == REDPayload.Block(payloadType: PayloadType(111), timestampOffset: 960, range: 11..<12))
        #expect(payload.redundant(at: 2) == nil && payload.redundant(at: -1) == nil)
        #expect(
            payload.primary
                == REDPayload.Block(payloadType: PayloadType(111), timestampOffset: 0, range: 12..<15))
    }

    @Test("a packet without copies has one byte of header")
    func primaryOnly() throws {
        let payload = try #require(REDPayload(parsing: [0x6F, 9, 9]))
        #expect(payload.redundantCount == 0 && payload.primary.range == 1..<3)
    }

    @Test("the largest offset and length are read")
    func extremes() throws {
        let payload = try #require(
            REDPayload(parsing: [0xEF, 0xFF, 0xFF, 0xFF, 0x6F] + [UInt8](repeating: 1, count: 1_023)))
        #expect(payload.redundant(at: 0)?.timestampOffset == 16_383)
        #expect(payload.redundant(at: 0)?.range == 5..<1_028)
        #expect(payload.primary.range.isEmpty)
    }

    @Test(
        "payloads that contradict themselves are dropped",
        arguments: [
            [], [0xEF], [0xEF, 0, 0, 1], [0xEF, 0, 0, 1, 0x6F],
            [UInt8](repeating: 0x80, count: 60),
        ] as [[UInt8]])
    func malformed(payload: [UInt8]) {
        #expect(REDPayload(parsing: payload) == nil)
    }

    @Test("damaged payloads never trap, and blocks follow each other to the end")
    func mutations() {
        var mutations = Mutations(seed: 2198)
        var valid = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: [example, [0x6F, 1]])
            guard let payload = REDPayload(parsing: bytes) else { continue }
            valid += 1
            var end = 4 * payload.redundantCount + 1
            for index in 0..<payload.redundantCount {
                #expect(payload.redundant(at: index)?.range.lowerBound == end)
                end = payload.redundant(at: index)?.range.upperBound ?? -1
            }
            #expect(payload.primary.range == end..<bytes.count)
        }
        #expect((3_000..<10_000).contains(valid))
    }
}
