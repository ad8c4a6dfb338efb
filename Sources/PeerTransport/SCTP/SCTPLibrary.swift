import CUsrSCTP

/// usrsctp as a process-wide library without threads: initialised once, never finished.
enum SCTPLibrary {
    /// Touch it before any other call of the library.
    static let start: Void = {
        usrsctp_init_nothreads(0, sendPacket, nil)
        _ = usrsctp_sysctl_set_sctp_ecn_enable(0)
        _ = usrsctp_sysctl_set_sctp_asconf_enable(0)
        _ = usrsctp_sysctl_set_sctp_auth_enable(0)
        _ = usrsctp_sysctl_set_sctp_pr_enable(1)
        _ = usrsctp_sysctl_set_sctp_reconfig_enable(1)
        _ = usrsctp_sysctl_set_sctp_blackhole(2)  // never answer a packet of no association
        _ = usrsctp_sysctl_set_sctp_max_chunks_on_queue(10_240)
        _ = usrsctp_sysctl_set_sctp_rto_min_default(200)
        _ = usrsctp_sysctl_set_sctp_rto_initial_default(400)
        _ = usrsctp_sysctl_set_sctp_rto_max_default(3_000)
        _ = usrsctp_sysctl_set_sctp_init_rto_max_default(3_000)
        _ = usrsctp_sysctl_set_sctp_delayed_sack_time_default(20)
    }()

    /// Runs the timers of every socket of the process.
    static func handleTimers(_ milliseconds: Int64) {
        usrsctp_handle_timers(UInt32(clamping: milliseconds))
    }
}

/// Called by the library for every packet, on the thread that is inside it.
private func sendPacket(
    token: UnsafeMutableRawPointer?, packet: UnsafeMutableRawPointer?, count: Int, _: UInt8, _: UInt8
) -> Int32 {
    guard let packet else { return 0 }
    SCTPStack.association(for: UInt(bitPattern: token))?
        .transmit(UnsafeRawBufferPointer(start: packet, count: count))
    return 0
}
