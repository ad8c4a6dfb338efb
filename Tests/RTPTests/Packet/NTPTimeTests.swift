import Testing

@testable import RTP

@Suite("NTP time")
struct NTPTimeTests {
    @Test("the Unix epoch is 2,208,988,800 s after 1900")
    func epoch() {
        #expect(NTPTime(unixNanoseconds: 0).value == 0x83AA_7E80_0000_0000)
        #expect(NTPTime(unixNanoseconds: 500_000_000).value == 0x83AA_7E80_8000_0000)
    }

    @Test("the middle is the lower half of the seconds and the upper half of the fraction")
    func middle() {
        #expect(NTPTime(value: 0x1122_3344_5566_7788).middle == 0x3344_5566)
    }

    @Test(
        "times come back to the nanosecond, also behind the end of the era in 2036",
        arguments: [
            0, 1, 999_999_999, 1_700_000_000_123_456_789, 2_085_978_495_999_999_999,
            2_085_978_496_000_000_000,
            4_000_000_000_000_000_001,
        ] as [Int64])
    func roundTrip(nanoseconds: Int64) {
        #expect(NTPTime(unixNanoseconds: nanoseconds).unixNanoseconds == nanoseconds)
    }

    @Test(
        "the ends of both eras come back",
        arguments: [0, .max, 0x7FFF_FFFF_0000_0000, 0x8000_0000_0000_0000] as [UInt64])
    func extremes(value: UInt64) {
        let time = NTPTime(value: value).unixNanoseconds
        #expect(NTPTime(unixNanoseconds: time).unixNanoseconds == time)
    }
}
