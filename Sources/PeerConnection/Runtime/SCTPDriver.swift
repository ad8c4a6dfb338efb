import MediaCore
import PeerTransport

/// Steps the one SCTP stack of the process by a timer. On the loop's thread only.
final class SCTPDriver {
    /// The stack; after using one of its associations call `arm()`.
    let stack = SCTPStack()
    private var timer: LoopTimer?

    init(on loop: NetworkLoop) {
        timer = LoopTimer(on: loop) { [unowned self] in
            stack.advance(to: SystemClock.now)
            arm()
        }
    }

    /// Sets the timer to what the stack wants next.
    func arm() {
        timer?.set(stack.nextDeadline?.time)
    }
}
