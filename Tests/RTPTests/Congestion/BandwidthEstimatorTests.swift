import MediaCore
import Testing

@testable import RTP

@Suite("Bandwidth estimator")
struct BandwidthEstimatorTests {
    private static func time(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    @Test("before a feedback there is no estimate, and feedback about nothing of ours makes none")
    func nothingKnown() {
        var estimator = BandwidthEstimator()
        let foreign = TransportFeedback(
            sender: SSRC(1), media: SSRC(2), feedbackCount: 0, baseSequence: 77, referenceTime: 5,
            packets: [.received(delta250us: 3), .notReceived])
        estimator.receive(foreign, roundTrip: nil, at: Self.time(100))
        #expect(estimator.target == nil)
        estimator.sent(5, byteCount: 1_000, at: Self.time(200))
        estimator.receive(foreign, roundTrip: nil, at: Self.time(300))
        #expect(estimator.target == nil)
    }

    @Test("nonsense neither traps nor leads out of the limits", arguments: 1...4 as ClosedRange<UInt64>)
    func nonsense(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var estimator = BandwidthEstimator()
        estimator.update(maximum: .kilobits(5_000), at: .zero)
        var number: UInt16 = 60_000
        for round in 0..<2_500 {
            let now = Self.time(round * 20)
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                estimator.sent(number, byteCount: Int.random(in: 0...1_500, using: &generator), at: now)
                number &+= 1
            }
            estimator.receive(
                Self.nonsense(near: number, &generator),
                roundTrip: Bool.random(using: &generator)
                    ? .nanoseconds(Int64.random(in: .min ... .max, using: &generator)) : nil,
                at: now)
            guard let target = estimator.target else { continue }
            #expect(target >= BandwidthEstimator.minimum && target <= estimator.maximum, "seed \(seed)")
        }
        #expect(estimator.target != nil)
    }

    /// A feedback that is well formed and otherwise anything.
    private static func nonsense(near number: UInt16, _ generator: inout SeededGenerator) -> TransportFeedback
    {
        let isWild = Int.random(in: 0..<4, using: &generator) == 0
        let count = isWild ? Int.random(in: 0...3_000, using: &generator) : 40
        let packets = (0..<count).map { _ in
            Bool.random(using: &generator)
                ? TransportFeedback.Status.notReceived
                : .received(delta250us: Int(Int16.random(in: .min ... .max, using: &generator)))
        }
        return TransportFeedback(
            sender: SSRC(1), media: SSRC(2), feedbackCount: UInt8.random(in: 0...255, using: &generator),
            baseSequence: isWild ? UInt16.random(in: 0...65_535, using: &generator) : number &- 40,
            referenceTime: Int32.random(in: -0x80_0000...0x7F_FFFF, using: &generator), packets: packets)
    }
}
