import MediaCore
import Testing

@Suite("Bitrate")
struct BitrateTests {
    @Test("no factor stops the process", arguments: [Double.nan, .infinity, 1e300, 1, 0])
    func factors(factor: Double) {
        #expect(Bitrate(bitsPerSecond: .max) * factor >= .zero)
        #expect(Bitrate.zero * factor == .zero)
    }

    @Test("a rate is never negative, and a sum never wraps")
    func bounds() {
        #expect(Bitrate(bitsPerSecond: -5) == .zero)
        #expect(Bitrate.kilobits(100) * -1 == .zero)
        #expect(Bitrate(bitsPerSecond: .max) + .kilobits(1) == Bitrate(bitsPerSecond: .max))
        #expect(Bitrate.kilobits(100) * 1.5 == .kilobits(150))
    }
}
