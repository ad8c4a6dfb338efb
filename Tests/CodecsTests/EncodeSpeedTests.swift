import Codecs
import Testing

@Suite("Encode speed")
struct EncodeSpeedTests {
    /// Reports `count` pictures and returns how often the speed changed.
    private func report(_ milliseconds: Int, count: Int, to speed: inout EncodeSpeed) -> Int {
        (0..<count).count { _ in speed.receive(encodeTime: .milliseconds(milliseconds), framesPerSecond: 30) }
    }

    @Test("pictures that take more than half the frame time make it faster, step by step, up to 12")
    func slowMachine() {
        var speed = EncodeSpeed()
        #expect(report(20, count: 9, to: &speed) == 0)
        #expect(report(20, count: 1, to: &speed) == 1)
        #expect(speed.speed == 9)
        _ = report(20, count: 300, to: &speed)
        #expect(speed.speed == 12)
    }

    @Test("one slow picture changes nothing")
    func oneSlowPicture() {
        var speed = EncodeSpeed()
        _ = report(8, count: 30, to: &speed)
        #expect(report(60, count: 1, to: &speed) == 0)
        #expect(report(8, count: 100, to: &speed) == 0)
    }

    @Test("it returns to the effort it began with only after ten seconds of ease")
    func recovery() {
        var speed = EncodeSpeed(thorough: 8)
        _ = report(20, count: 10, to: &speed)
        #expect(report(4, count: 299, to: &speed) == 0)
        #expect(report(4, count: 1, to: &speed) == 1)
        #expect(speed.speed == 8)
        #expect(report(1, count: 600, to: &speed) == 0)
    }
}
