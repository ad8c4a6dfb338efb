import RTP
import Testing

@Suite("LossExpectation")
struct LossExpectationTests {
    @Test("loss counts at once and is forgotten within some reports of calm")
    func remembers() {
        var loss = LossExpectation()
        #expect(loss.percent == 0)
        loss.receive(fractionLost: 0.1)
        #expect(loss.percent == 10)
        var reports = 0
        while loss.percent > 0, reports < 100 {
            loss.receive(fractionLost: 0)
            reports += 1
        }
        #expect((5...12).contains(reports))
    }

    @Test(
        "more loss is worth more copies",
        arguments: [(0, 1), (0.02, 1), (0.05, 2), (0.1, 3), (0.2, 3), (1, 3)])
    func copies(share: Double, count: Int) {
        var loss = LossExpectation()
        loss.receive(fractionLost: share)
        #expect(loss.copyCount == count)
    }

    @Test("a path that was cut is not taken for one that loses much for ever")
    func cut() {
        var loss = LossExpectation()
        loss.receive(fractionLost: 1)
        loss.receive(fractionLost: 0)
        loss.receive(fractionLost: 0)
        #expect(loss.percent < 15)
    }

    @Test("nonsense is brought into bounds", arguments: [-1.0, 2.0])
    func nonsense(share: Double) {
        var loss = LossExpectation()
        loss.receive(fractionLost: share)
        #expect((0...100).contains(loss.percent))
    }
}
