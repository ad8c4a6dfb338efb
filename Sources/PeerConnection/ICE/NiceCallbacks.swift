import CNice

// The ways from libnice into a `NiceTransport`. All run on the loop's thread, while the transport is open.

/// Connects the signals of an agent to the transport behind `handle`.
func connectNiceCallbacks(_ agent: OpaquePointer, _ handle: UnsafeMutableRawPointer) {
    let found:
        @convention(c) (OpaquePointer, UnsafeMutablePointer<NiceCandidate>, UnsafeMutableRawPointer) -> Void =
            {
                guard let candidate = describeNiceCandidate($0, $1) else { return }
                transport($2).found(candidate)
            }
    let gathered: @convention(c) (OpaquePointer, UInt32, UnsafeMutableRawPointer) -> Void = {
        transport($2).gathered()
    }
    let changed: @convention(c) (OpaquePointer, UInt32, UInt32, UInt32, UnsafeMutableRawPointer) -> Void = {
        guard let state = ICEState(niceComponentState: $3) else { return }
        transport($4).changed(to: state)
    }
    _ = rk_nice_connect(agent, "new-candidate-full", unsafeBitCast(found, to: GCallback.self), handle)
    _ = rk_nice_connect(
        agent, "candidate-gathering-done", unsafeBitCast(gathered, to: GCallback.self), handle)
    _ = rk_nice_connect(agent, "component-state-changed", unsafeBitCast(changed, to: GCallback.self), handle)
}

/// The receiver that libnice calls for every datagram that is not STUN.
let niceReceived: NiceAgentRecvFunc = { _, _, _, count, bytes, handle in
    guard let handle, let bytes else { return }
    transport(handle).received(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
}

private func transport(_ handle: UnsafeMutableRawPointer) -> NiceTransport {
    Unmanaged<NiceTransport>.fromOpaque(handle).takeUnretainedValue()
}

extension ICEState {
    /// What a component state of libnice means; `nil` for states nobody needs.
    fileprivate init?(niceComponentState state: UInt32) {
        switch NiceComponentState(rawValue: state) {
        case NICE_COMPONENT_STATE_CONNECTING: self = .checking
        case NICE_COMPONENT_STATE_CONNECTED, NICE_COMPONENT_STATE_READY: self = .connected
        case NICE_COMPONENT_STATE_FAILED: self = .failed
        default: return nil
        }
    }
}
