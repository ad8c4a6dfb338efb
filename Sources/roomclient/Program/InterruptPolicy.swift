/// What a signal from outside means, depending on what came before.
struct InterruptPolicy: Sendable {
    /// What to do about a signal.
    enum Action: Hashable {
        /// Leave the call in good order.
        case leave
        /// End the process now.
        case endAtOnce
        /// We are leaving already.
        case ignore
    }

    /// Whether there is a call to leave.
    var isInCall = false
    /// Whether we were asked to leave before.
    private var isLeaving = false

    init() {}

    /// `isKeyboard`: it was Ctrl+C.
    mutating func receive(isKeyboard: Bool) -> Action {
        guard isInCall else { return .endAtOnce }
        if isLeaving { return isKeyboard ? .endAtOnce : .ignore }
        isLeaving = true
        return .leave
    }
}
