import Testing

@testable import roomclient

/// What signals from outside mean.
struct InterruptPolicyTests {
    @Test("before the call a signal ends the process at once")
    func before() {
        var policy = InterruptPolicy()
        #expect(policy.receive(isKeyboard: true) == .endAtOnce)
        #expect(policy.receive(isKeyboard: false) == .endAtOnce)
    }

    @Test("in the call the first signal leaves, and only a second Ctrl+C ends at once")
    func during() {
        var policy = InterruptPolicy()
        policy.isInCall = true
        #expect(policy.receive(isKeyboard: false) == .leave)
        #expect(policy.receive(isKeyboard: false) == .ignore)
        #expect(policy.receive(isKeyboard: true) == .endAtOnce)
    }
}
