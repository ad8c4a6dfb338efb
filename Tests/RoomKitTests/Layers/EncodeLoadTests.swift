import MediaCore
import Testing

@testable import RoomKit

@Suite("Load of the encoder")
final class EncodeLoadTests {
    private var load = EncodeLoad(most: 3)
    private var now = MonotonicTime.zero

    /// Pictures every 33 ms, each of which takes as long as `time` says for the steps that are cut.
    private func run(_ span: Duration, _ time: (_ reduction: Int) -> Int) {
        let end = now + span
        while now < end {
            now += .milliseconds(33)
            load.receive(encodeTime: .milliseconds(time(load.reduction)), at: now)
        }
    }

    @Test("a machine with time to spare is left alone")
    func idle() {
        run(.seconds(60)) { _ in 20 }
        #expect(load.reduction == 0)
    }

    @Test("one slow picture is not an overload, two seconds of them are")
    func overload() {
        load.receive(encodeTime: .milliseconds(900), at: now)
        run(.seconds(3)) { _ in 10 }
        #expect(load.reduction == 0)
        run(.milliseconds(4_300)) { _ in 32 }
        #expect(load.reduction >= 1)
    }

    @Test("step by step the work is cut until it fits, but no further than makes sense")
    func steps() {
        run(.seconds(20)) { 60 >> $0 }
        #expect(load.reduction == 2)
        let hopeless = EncodeLoadTests()
        hopeless.run(.seconds(60)) { _ in 33 }
        #expect(hopeless.load.reduction == 3)
    }

    @Test("what was cut is not taken back while it would not fit")
    func patience() {
        run(.seconds(120)) { $0 == 0 ? 32 : 12 }
        #expect(load.reduction == 1)
    }

    @Test("it comes back when the machine has time again, and later each time that this was too early")
    func comingBack() {
        run(.seconds(5)) { $0 == 0 ? 32 : 16 }
        #expect(load.reduction == 1)
        run(.seconds(5)) { $0 == 0 ? 12 : 6 }
        #expect(load.reduction == 1)
        run(.seconds(10)) { $0 == 0 ? 12 : 6 }
        #expect(load.reduction == 0)
        run(.seconds(4)) { $0 == 0 ? 32 : 16 }
        #expect(load.reduction == 1)
        run(.seconds(14)) { $0 == 0 ? 12 : 6 }
        #expect(load.reduction == 1)
        run(.seconds(10)) { $0 == 0 ? 12 : 6 }
        #expect(load.reduction == 0)
    }

    @Test("a camera that pauses says nothing about the machine")
    func pause() {
        load.receive(encodeTime: .milliseconds(30), at: now)
        now += .seconds(30)
        load.receive(encodeTime: .seconds(29), at: now)
        run(.seconds(3)) { _ in 10 }
        #expect(load.reduction == 0)
    }
}
