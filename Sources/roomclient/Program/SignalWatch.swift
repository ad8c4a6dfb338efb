import Foundation
import Glibc
import MediaCore

/// Turns SIGINT, SIGTERM and SIGHUP into one request to leave.
///
/// The signals are blocked in every thread and taken by one that does nothing else, so that they are
/// answered whatever the rest of the program is doing. Before there is a call, and at the second Ctrl+C,
/// the process ends there and then.
final class SignalWatch: Sendable {
    /// Given when the user wants to leave.
    let stop = StopSignal()
    private let inCall = AtomicFlag()

    /// Begins to watch. Call it before any other thread exists: threads inherit what is blocked.
    init() {
        signal(SIGPIPE, SIG_IGN)
        let signals = blockSignals()
        Thread.detachNewThread { [self] in watch(signals) }
    }

    /// From now on there is a call to leave in good order.
    func enterCall() { inCall.isSet = true }

    private func watch(_ signals: sigset_t) {
        nameCurrentThread("signals")
        var signals = signals
        var policy = InterruptPolicy()
        while true {
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { continue }
            policy.isInCall = inCall.isSet
            switch policy.receive(isKeyboard: number == SIGINT) {
            case .leave: stop.stop()
            case .endAtOnce: endProcess(wasInCall: policy.isInCall)
            case .ignore: break
            }
        }
    }

    private func endProcess(wasInCall: Bool) {
        StandardStream.error.write(
            wasInCall
                ? "\nInterrupted again: gone without waiting for the server.\n"
                : "\nInterrupted before the call began.\n")
        _exit(ExitStatus.interrupted.rawValue)
    }
}

private func blockSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    return signals
}
