import MediaCore
import Testing

@testable import RoomKit

@Suite("Requests for key frames")
struct KeyframeGateTests {
    private func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(microseconds: milliseconds * 1_000)
    }

    @Test("the first request is answered at once, also right after a key frame that may not have been sent")
    func first() {
        var gate = KeyframeGate()
        gate.made(at: time(0))
        #expect(!gate.isDue(at: time(1)))
        gate.want()
        #expect(gate.isDue(at: time(1)))
    }

    @Test("many requests at once give one key frame, one that comes later waits its time")
    func distance() {
        var gate = KeyframeGate()
        gate.want()
        gate.want()
        gate.made(at: time(10))
        #expect(!gate.isDue(at: time(10)))
        gate.want()
        #expect(!gate.isDue(at: time(309)))
        #expect(gate.isDue(at: time(310)))
    }

    @Test("a key frame that came by itself counts")
    func others() {
        var gate = KeyframeGate()
        gate.want()
        gate.made(at: time(0))
        gate.made(at: time(1_000))
        gate.want()
        #expect(!gate.isDue(at: time(1_100)))
    }
}

@Suite("Fewer pictures than are captured")
struct FramePacingTests {
    /// How many of `count` pictures at `captured` per second are taken.
    private func taken(_ wanted: Double, of captured: Double, count: Int, jitter: Bool = false) -> Int {
        var pacing = FramePacing()
        return (0..<count).count { index in
            let shift = jitter ? [0, 4, -3, 2][index % 4] : 0
            let time = MonotonicTime(
                microseconds: Int64(Double(index) * 1e6 / captured) + Int64(shift * 1_000))
            return pacing.takes(time, wanted: wanted, captured: captured)
        }
    }

    @Test("the mean rate is the wanted one", arguments: [1.0, 5, 7.5, 10, 15, 20, 29])
    func rate(wanted: Double) {
        for jitter in [false, true] {
            let count = taken(wanted, of: 30, count: 600, jitter: jitter)
            #expect(abs(Double(count) - wanted * 20) <= max(2, wanted * 0.4))
        }
    }

    @Test("all are taken when as many are wanted")
    func all() {
        #expect(taken(30, of: 30, count: 100) == 100)
        #expect(taken(60, of: 30, count: 100) == 100)
    }

    @Test("after a pause there is nothing to catch up on")
    func pause() {
        var pacing = FramePacing()
        _ = pacing.takes(.zero, wanted: 5, captured: 30)
        let later = MonotonicTime(microseconds: 60_000_000)
        let taken = (0..<30).count {
            pacing.takes(later + .milliseconds($0 * 33), wanted: 5, captured: 30)
        }
        #expect(taken <= 6)
    }
}
