import Testing

@testable import RTP

@Suite("Opus payloads")
struct OpusPayloadTests {
    @Test(
        "the first byte says length and channels",
        arguments: [
            // configuration, code, milliseconds
            (0, 0, 10.0), (3, 0, 60), (11, 0, 60), (12, 0, 10), (15, 0, 20), (16, 0, 2.5), (31, 0, 20),
            (31, 1, 40),
            (2, 2, 80),
        ] as [(UInt8, UInt8, Double)])
    func durations(configuration: UInt8, code: UInt8, milliseconds: Double) throws {
        let payload = try #require(OpusPayload(parsing: [configuration << 3 | code, 0, 0]))
        #expect(payload.duration == .microseconds(Int64(milliseconds * 1_000)))
        #expect(payload.channelCount == 1 && !payload.isDTX)
        #expect(OpusPayload(parsing: [configuration << 3 | 4 | code, 0, 0])?.channelCount == 2)
    }

    @Test("a packet of 20 ms of a browser is 960 samples")
    func browser() {
        #expect(OpusPayload(parsing: [0x78, 1, 2, 3])?.sampleCount == 960)
        #expect(
            OpusPayload(parsing: [0xF8, 0xFF, 0xFE] + [UInt8](repeating: 0, count: 77))?.sampleCount == 960)
    }

    @Test("the second byte counts frames, at most 120 ms of them")
    func counted() {
        #expect(OpusPayload(parsing: [31 << 3 | 3, 0x86, 1])?.sampleCount == 5_760)
        #expect(OpusPayload(parsing: [31 << 3 | 3, 0x87, 1]) == nil)
        #expect(OpusPayload(parsing: [31 << 3 | 3, 0x40, 1]) == nil)
        #expect(OpusPayload(parsing: [31 << 3 | 3]) == nil)
        #expect(OpusPayload(parsing: []) == nil)
    }

    @Test("a packet of one or two bytes is silence")
    func silence() {
        #expect(OpusPayload(parsing: [0x78])?.isDTX == true)
        #expect(OpusPayload(parsing: [0x78, 0])?.isDTX == true)
        #expect(OpusPayload(parsing: [0x78, 0, 0])?.isDTX == false)
    }
}
