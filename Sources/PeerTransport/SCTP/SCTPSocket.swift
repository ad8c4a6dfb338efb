import CUsrSCTP
import Glibc

/// One usrsctp socket, set up for data channels and known to the library by an integer.
///
/// The library may call back during every method; what it calls only records or sends.
struct SCTPSocket {
    /// Streams that we ask for in each direction.
    static let streamCount: UInt16 = 1_024
    /// Must exceed the largest message, or it could never go.
    private static let bufferSize: Int32 = 1 << 20
    /// Leaves room for DTLS, UDP, IPv6 and a relay inside 1,280 bytes.
    private static let pathMTU: UInt32 = 1_150

    private let token: UInt
    private let handle: OpaquePointer

    /// Makes a socket and starts to connect; both ends do, and SCTP makes one association of it.
    init(token: UInt, port: UInt16) throws(SCTPError) {
        SCTPLibrary.start
        let name = UnsafeMutableRawPointer(bitPattern: token)
        usrsctp_register_address(name)
        guard
            let handle = usrsctp_socket(
                AF_CONN, Int32(SOCK_STREAM.rawValue), Int32(IPPROTO_SCTP), receiveMessage, nil, 0, name)
        else {
            let code = errno
            usrsctp_deregister_address(name)
            throw .setup(step: "socket", code: code)
        }
        self.token = token
        self.handle = handle
        do throws(SCTPError) {
            try configure()
            try connect(to: port)
        } catch {
            close()
            throw error
        }
    }

    /// Ends the association at once by an ABORT (the linger time is zero) and forgets the token.
    func close() {
        usrsctp_close(handle)
        usrsctp_deregister_address(UnsafeMutableRawPointer(bitPattern: token))
    }

    /// Gives one packet from the peer to the library.
    func receive(_ packet: UnsafeRawBufferPointer) {
        usrsctp_conninput(UnsafeMutableRawPointer(bitPattern: token), packet.baseAddress, packet.count, 0)
    }

    /// Offers a message; SCTP takes it whole or not at all.
    func send(_ message: SCTPMessage) -> SCTPSendQueue.Offer {
        var info = sctp_sendv_spa(message)
        let sent = message.bytes.withUnsafeBytes { bytes in
            usrsctp_sendv(
                handle, bytes.baseAddress, bytes.count, nil, 0, &info,
                socklen_t(MemoryLayout<sctp_sendv_spa>.size), UInt32(SCTP_SENDV_SPA), 0)
        }
        if sent >= 0 { return .taken }
        return [EWOULDBLOCK, ENOBUFS, EINPROGRESS].contains(errno) ? .later : .impossible
    }

    /// Asks the peer to forget our half of a stream; false when another request is still under way.
    func resetOutgoing(_ stream: UInt16) -> Bool {
        // struct sctp_reset_streams: association, flags, count, then the list, which Swift does not see.
        var request: (UInt32, UInt16, UInt16, UInt16) = (
            UInt32(SCTP_FUTURE_ASSOC), UInt16(SCTP_STREAM_RESET_OUTGOING), 1, stream
        )
        return usrsctp_setsockopt(handle, Int32(IPPROTO_SCTP), SCTP_RESET_STREAMS, &request, 10) == 0
    }

    /// Whether sent data waits for an acknowledgement.
    var hasUnacknowledgedData: Bool {
        var status = sctp_status()
        var size = socklen_t(MemoryLayout<sctp_status>.size)
        guard usrsctp_getsockopt(handle, Int32(IPPROTO_SCTP), SCTP_STATUS, &status, &size) == 0 else {
            return false
        }
        return status.sstat_unackdata > 0 || status.sstat_penddata > 0
    }

    // MARK: Set-up

    private func configure() throws(SCTPError) {
        guard usrsctp_set_non_blocking(handle, 1) == 0 else {
            throw .setup(step: "non-blocking", code: errno)
        }
        try set(SO_LINGER, linger(l_onoff: 1, l_linger: 0), level: SOL_SOCKET)
        try set(SO_SNDBUF, Self.bufferSize, level: SOL_SOCKET)
        try set(SO_RCVBUF, Self.bufferSize, level: SOL_SOCKET)
        try set(SCTP_NODELAY, Int32(1))
        try set(SCTP_RECVRCVINFO, Int32(1))
        try set(
            SCTP_ENABLE_STREAM_RESET,
            sctp_assoc_value(
                assoc_id: UInt32(SCTP_FUTURE_ASSOC), assoc_value: UInt32(SCTP_ENABLE_RESET_STREAM_REQ)))
        for type in [SCTP_ASSOC_CHANGE, SCTP_STREAM_RESET_EVENT] {
            try set(
                SCTP_EVENT,
                sctp_event(se_assoc_id: UInt32(SCTP_FUTURE_ASSOC), se_type: UInt16(type), se_on: 1))
        }
        try set(
            SCTP_INITMSG,
            sctp_initmsg(
                sinit_num_ostreams: Self.streamCount, sinit_max_instreams: Self.streamCount,
                sinit_max_attempts: 0, sinit_max_init_timeo: 0))
    }

    private func connect(to port: UInt16) throws(SCTPError) {
        var address = rk_usrsctp_address(token, port)
        let size = socklen_t(MemoryLayout<sockaddr_conn>.size)
        let (bound, connected) = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                (usrsctp_bind(handle, address, size), usrsctp_connect(handle, address, size))
            }
        }
        guard bound == 0 else { throw .setup(step: "bind", code: errno) }
        guard connected == 0 || errno == EINPROGRESS else { throw .setup(step: "connect", code: errno) }
        // After connect, because before it there is no path that these could be set for.
        var path = sctp_paddrparams()
        memcpy(&path.spp_address, &address, Int(size))
        path.spp_flags = UInt32(SPP_PMTUD_DISABLE)
        path.spp_pathmtu = Self.pathMTU
        try set(SCTP_PEER_ADDR_PARAMS, path)
    }

    private func set<Value: BitwiseCopyable>(
        _ option: Int32, _ value: Value, level: Int32 = Int32(IPPROTO_SCTP)
    ) throws(SCTPError) {
        let result = withUnsafeBytes(of: value) {
            usrsctp_setsockopt(handle, level, option, $0.baseAddress, socklen_t($0.count))
        }
        guard result == 0 else { throw .setup(step: "option \(option)", code: errno) }
    }
}

extension sctp_sendv_spa {
    fileprivate init(_ message: SCTPMessage) {
        self.init()
        sendv_flags = UInt32(SCTP_SEND_SNDINFO_VALID)
        sendv_sndinfo.snd_sid = message.stream
        sendv_sndinfo.snd_ppid = message.payloadProtocol.rawValue.bigEndian
        sendv_sndinfo.snd_flags = message.isOrdered ? 0 : UInt16(SCTP_UNORDERED)
        switch message.reliability {
        case .reliable: break
        case .maxRetransmits(let count): limit(UInt16(SCTP_PR_SCTP_RTX), count)
        case .maxLifetime(let milliseconds): limit(UInt16(SCTP_PR_SCTP_TTL), milliseconds)
        }
    }

    private mutating func limit(_ policy: UInt16, _ value: UInt32) {
        sendv_flags |= UInt32(SCTP_SEND_PRINFO_VALID)
        sendv_prinfo.pr_policy = policy
        sendv_prinfo.pr_value = value
    }
}

/// Called by the library with a part of a message, a notification, or nothing at the end.
///
/// The block is ours to free.
private func receiveMessage(
    _: OpaquePointer?, _: sctp_sockstore, data: UnsafeMutableRawPointer?, count: Int, info: sctp_rcvinfo,
    flags: Int32, token: UnsafeMutableRawPointer?
) -> Int32 {
    guard let data else { return 1 }
    defer { free(data) }
    let bytes = UnsafeRawBufferPointer(start: data, count: count)
    guard let association = SCTPStack.association(for: UInt(bitPattern: token)) else { return 1 }
    if flags & MSG_NOTIFICATION != 0 {
        association.receive(SCTPNotification(parsing: bytes))
    } else {
        association.receive(bytes, info, isLast: flags & rk_usrsctp_end_of_record() != 0)
    }
    return 1
}
