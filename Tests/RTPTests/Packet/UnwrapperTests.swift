import Testing

@testable import RTP

@Suite("Unwrapping of counters")
struct UnwrapperTests {
    @Test(
        "sequence numbers go on across the wrap, in both directions",
        arguments: [
            ([0, 1, 2], [65_536, 65_537, 65_538]),
            ([65_535, 0, 1], [131_071, 131_072, 131_073]),
            ([65_534, 1, 65_535, 0, 2], [131_070, 131_073, 131_071, 131_072, 131_074]),
            ([0, 65_535, 0], [65_536, 65_535, 65_536]),
            ([0, 32_767, 65_534, 30_000], [65_536, 98_303, 131_070, 131_070 + 30_002]),
            ([100, 100], [65_636, 65_636]),
            ([10, 32_778], [65_546, 32_778]),
        ] as [([UInt16], [Int64])])
    func sequence(numbers: [UInt16], expected: [Int64]) {
        var unwrapper = SequenceUnwrapper()
        #expect(numbers.map { unwrapper.unwrap($0) } == expected)
    }

    @Test("ten times around the sequence numbers is ten times 65,536")
    func manyTurns() {
        var unwrapper = SequenceUnwrapper()
        var last = unwrapper.unwrap(5)
        for step in 1...655_360 {
            let value = unwrapper.unwrap(UInt16(truncatingIfNeeded: 5 + step))
            guard value == last + 1 else { return #expect(value == last + 1) }
            last = value
        }
        #expect(last == 65_536 + 5 + 655_360)
    }

    @Test(
        "timestamps go on across the wrap, in both directions",
        arguments: [
            ([0, 3_000], [0x1_0000_0000, 0x1_0000_0BB8]),
            ([0xFFFF_FFFF, 2_999], [0x1_FFFF_FFFF, 0x2_0000_0BB7]),
            ([5, 0xFFFF_FFFB, 8], [0x1_0000_0005, 0xFFFF_FFFB, 0x1_0000_0008]),
            ([0, 0x7FFF_FFFF, 0xFFFF_FFFE], [0x1_0000_0000, 0x1_7FFF_FFFF, 0x1_FFFF_FFFE]),
        ] as [([UInt32], [Int64])])
    func timestamp(values: [UInt32], expected: [Int64]) {
        var unwrapper = TimestampUnwrapper()
        #expect(values.map { unwrapper.unwrap($0) } == expected)
    }
}
