import MediaCore
import Testing

@testable import RTP

@Suite("Loss control")
struct LossControlTests {
    /// Answers how often the queue was found full.
    @discardableResult
    private static func run(
        _ control: inout LossControl, lost: Int, late: Int = 0, of total: Int = 100, from begin: Int,
        seconds: Double
    ) -> Int {
        (0..<Int(seconds * 10)).count { step in
            control.receive(
                ArrivalCounts(received: total - lost, lost: lost, late: late), current: .kilobits(1_000),
                roundTrip: .milliseconds(50),
                at: MonotonicTime(nanoseconds: Int64(begin + step * 100) * 1_000_000))
        }
    }

    @Test("loss up to ten percent limits nothing", arguments: [0, 2, 5, 10])
    func lowLoss(lost: Int) {
        var control = LossControl()
        Self.run(&control, lost: lost, from: 0, seconds: 10)
        #expect(control.limit == nil)
    }

    @Test("heavy loss lowers the limit by half its share, and its end lifts it again")
    func highLoss() throws {
        var control = LossControl()
        Self.run(&control, lost: 20, from: 0, seconds: 1.4)
        let limit = try #require(control.limit)
        #expect((800...900).contains(limit.kilobitsPerSecond))
        Self.run(&control, lost: 0, from: 1_400, seconds: 5)
        #expect(try #require(control.limit) > limit * 1.2)
        control.lift(above: .kilobits(900))
        #expect(control.limit == nil)
    }

    @Test("packets that come after all are not lost")
    func reordered() {
        var control = LossControl()
        Self.run(&control, lost: 20, late: 18, from: 0, seconds: 10)
        #expect(control.limit == nil)
    }

    @Test(
        "loss that a lower rate does not lessen belongs to the path and limits nothing",
        arguments: [12, 20, 30])
    func inherent(lost: Int) {
        var control = LossControl()
        Self.run(&control, lost: lost, from: 0, seconds: 2)
        #expect(control.limit != nil && !control.isCalm)
        Self.run(&control, lost: lost, from: 2_000, seconds: 10)
        #expect(control.limit == nil && control.isCalm)
        #expect(abs(control.inherent - Double(lost) / 100) < 0.001)
        // It is forgotten once the path is better.
        Self.run(&control, lost: 0, from: 12_000, seconds: 30)
        #expect(control.inherent < 0.01)
    }

    @Test("loss that a lower rate lessens keeps the limit")
    func ours() throws {
        var control = LossControl()
        Self.run(&control, lost: 20, from: 0, seconds: 1.4)
        Self.run(&control, lost: 8, from: 1_400, seconds: 2)
        Self.run(&control, lost: 5, from: 3_400, seconds: 5)
        #expect(control.inherent == 0)
        #expect(try #require(control.limit) <= .kilobits(900))
    }

    @Test(
        "more lost than any path loses is a full queue, said once per decision",
        arguments: [(40, false), (41, true)])
    func fullQueue(lost: Int, isFull: Bool) {
        var control = LossControl()
        let counts = [(0, 1.1), (1_100, 0.1), (1_200, 0.1)].map { begin, seconds in
            Self.run(&control, lost: lost, from: begin, seconds: seconds)
        }
        #expect(counts == [0, isFull ? 1 : 0, 0])
    }

    @Test("half of everything lost is nobody's path: the limit goes on falling")
    func hopeless() throws {
        var control = LossControl()
        Self.run(&control, lost: 50, from: 0, seconds: 10)
        #expect(try #require(control.limit) < .kilobits(200))
    }
}
