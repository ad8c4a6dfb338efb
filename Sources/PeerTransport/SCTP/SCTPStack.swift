import Glibc
package import MediaCore

/// usrsctp's clock and the table of associations: one per process, on the one network thread.
///
/// The library's timers and callbacks are process-wide, so a single owner steps it: it makes the stack, calls
/// `advance(to:)` at `nextDeadline`, and reads `nextDeadline` again after any call of an association.
/// Every method, and every method of an association, belongs on that thread.
package final class SCTPStack {
    /// A tick while data or acknowledgements are under way; the library has no "next timer".
    private static let busyTick = Duration.milliseconds(10)
    /// A tick while only heartbeats could come.
    private static let idleTick = Duration.milliseconds(50)
    /// Ticks that follow any traffic: longer than a delayed acknowledgement and than a closed socket needs.
    private static let ticksAfterTraffic = 10
    /// A longer pause (a suspended machine) counts as this long, so that not every timer runs out at once.
    private static let longestStep: Int64 = 1_000

    private struct Entry {
        weak var association: SCTPAssociation?
    }

    // SAFETY: written and read on the one network thread only, like everything in the library.
    private nonisolated(unsafe) static weak var current: SCTPStack?

    private var table: [UInt: Entry] = [:]
    private var nextToken: UInt = 1
    private var clock = MonotonicTime.zero
    private var busyTicks = 0
    private var thread: pthread_t?

    /// Makes the stack of this process; one at a time.
    package init() {
        precondition(Self.current == nil, "usrsctp is process-wide: there can be one stack only")
        Self.current = self
    }

    /// Makes an association and starts to connect it.
    ///
    /// - Parameters:
    ///   - send: Takes one SCTP packet for the peer, valid for the call. The library is running then, so
    ///     encrypt and send, nothing else.
    ///   - notify: Says that events wait to be drained; called after `advance(to:)` has left the library.
    package func makeAssociation(
        _ settings: SCTPSettings, at now: MonotonicTime,
        send: @escaping (UnsafeRawBufferPointer) -> Void, notify: @escaping () -> Void
    ) throws(SCTPError) -> SCTPAssociation {
        checkThread()
        if nextDeadline == nil { clock = now }
        let token = nextToken
        nextToken += 1
        let association = SCTPAssociation(
            token: token, settings: settings, stack: self, send: send, notify: notify)
        table[token] = Entry(association: association)
        noteTraffic()
        do throws(SCTPError) {
            try association.connect()
        } catch {
            table[token] = nil
            throw error
        }
        return association
    }

    /// Runs the timers of all associations, and what they make due.
    package func advance(to now: MonotonicTime) {
        checkThread()
        let milliseconds = (now - clock).inNanoseconds / 1_000_000
        guard milliseconds > 0 else { return }
        clock += .milliseconds(milliseconds)  // the rest of a millisecond stays for the next time
        SCTPLibrary.handleTimers(min(milliseconds, Self.longestStep))
        busyTicks = max(0, busyTicks - 1)
        for entry in Array(table.values) { entry.association?.finishTick() }
    }

    /// When to call `advance(to:)`; `nil` when there is nothing to time.
    package var nextDeadline: Deadline? {
        if table.isEmpty, busyTicks == 0 { return nil }
        let isBusy = busyTicks > 0 || table.values.contains { $0.association?.isBusy == true }
        return Deadline(clock + (isBusy ? Self.busyTick : Self.idleTick), .sctp)
    }

    // MARK: For associations

    /// The association that a token of the library stands for, if it is still there.
    static func association(for token: UInt) -> SCTPAssociation? {
        current?.table[token]?.association
    }

    /// Something moved: tick often for a while.
    func noteTraffic() {
        busyTicks = Self.ticksAfterTraffic
    }

    /// An association has closed its socket.
    func forget(_ token: UInt) {
        table[token] = nil
        noteTraffic()
    }

    func checkThread() {
        let here = pthread_self()
        assert(thread == nil || thread == here, "SCTP used on two threads")
        thread = here
    }
}
