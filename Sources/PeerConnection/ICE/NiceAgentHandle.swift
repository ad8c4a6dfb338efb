import CNice

/// One libnice agent: every call into the library, and nothing else.
struct NiceAgentHandle {
    /// Owned; given back in `close`.
    private let agent: OpaquePointer
    private let context: OpaquePointer
    /// The only stream.
    let stream: UInt32

    /// RTP and everything else share the first component.
    private static let component: UInt32 = 1

    init(loop: NetworkLoop, settings: NiceTransport.Settings) {
        context = loop.context
        // Not NICE_AGENT_OPTION_CONSENT_FRESHNESS: the library asks every 4 to 6 seconds, never again when
        // an answer is lost, and gives up 10 seconds after the last one (RFC 7675 §5.1 has 30), so that one
        // lost packet can end a call. Its keepalive checks ask as often and give up after 50 seconds.
        agent = nice_agent_new_full(context, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_ICE_TRICKLE)
        rk_nice_set_flag(agent, "upnp", 0)
        rk_nice_set_flag(agent, "ice-tcp", settings.allowsTCP ? 1 : 0)
        rk_nice_set_flag(agent, "keepalive-conncheck", 1)
        // RFC 8445 §14.2 allows 5 ms between checks; the library's 20 cost 60 ms of every join.
        rk_nice_set_number(agent, "stun-pacing-timer", 5)
        rk_nice_set_flag(agent, "force-relay", settings.policy == .relay ? 1 : 0)
        for address in settings.addresses {
            guard var nice = niceAddress(address, port: 0) else { continue }
            nice_agent_add_local_address(agent, &nice)
        }
        stream = nice_agent_add_stream(agent, 1)
        if let range = settings.portRange {
            nice_agent_set_port_range(
                agent, stream, Self.component, UInt32(range.lowerBound), UInt32(range.upperBound))
        }
    }

    /// Lets the agent call `owner`, which must be closed before it goes away.
    func connect(to owner: NiceTransport) {
        let handle = Unmanaged.passUnretained(owner).toOpaque()
        connectNiceCallbacks(agent, handle)
        nice_agent_attach_recv(agent, stream, Self.component, context, niceReceived, handle)
    }

    /// Silences the agent and gives it back: signals, receiver, then the agent with its stream.
    ///
    /// The library first ends its allocations on TURN servers, which takes a while, and lets go of
    /// itself then.
    func close(_ owner: NiceTransport) {
        rk_nice_disconnect_all(agent, Unmanaged.passUnretained(owner).toOpaque())
        nice_agent_attach_recv(agent, stream, Self.component, context, nil, nil)
        nice_agent_close_async(agent, { agent, _, _ in g_object_unref(agent) }, nil)
    }

    var localCredentials: ICECredentials? {
        var username: UnsafeMutablePointer<gchar>?
        var password: UnsafeMutablePointer<gchar>?
        guard nice_agent_get_local_credentials(agent, stream, &username, &password) != 0 else { return nil }
        defer {
            g_free(username)
            g_free(password)
        }
        guard let username, let password else { return nil }
        return ICECredentials(username: String(cString: username), password: String(cString: password))
    }

    func setControlling(_ isControlling: Bool) {
        rk_nice_set_flag(agent, "controlling-mode", isControlling ? 1 : 0)
    }

    func add(_ server: ResolvedICEServer) {
        switch server.service {
        case .stun:
            rk_nice_set_text(agent, "stun-server", server.address)
            rk_nice_set_number(agent, "stun-server-port", UInt32(server.port))
        case .turnOverUDP(let username, let credential):
            addRelay(server, username, credential, NICE_RELAY_TYPE_TURN_UDP)
        case .turnOverTCP(let username, let credential):
            addRelay(server, username, credential, NICE_RELAY_TYPE_TURN_TCP)
        }
    }

    private func addRelay(
        _ server: ResolvedICEServer, _ username: String, _ credential: String, _ type: NiceRelayType
    ) {
        nice_agent_set_relay_info(
            agent, stream, Self.component, server.address, UInt32(server.port), username, credential, type)
    }

    func gather() -> Bool {
        nice_agent_gather_candidates(agent, stream) != 0
    }

    func setRemote(_ credentials: ICECredentials) -> Bool {
        nice_agent_set_remote_credentials(agent, stream, credentials.username, credentials.password) != 0
    }

    func add(_ candidate: ICECandidate) -> Bool {
        guard let nice = nice_agent_parse_remote_candidate_sdp(agent, stream, "a=" + candidate.string) else {
            return false
        }
        let list = g_slist_append(nil, nice)
        let added = nice_agent_set_remote_candidates(agent, stream, Self.component, list)
        g_slist_free(list)
        nice_candidate_free(nice)
        return added > 0
    }

    func endRemoteCandidates() {
        nice_agent_peer_candidate_gathering_done(agent, stream)
    }

    func restart() {
        nice_agent_restart_stream(agent, stream)
    }

    func send(_ datagram: UnsafeRawBufferPointer) -> Bool {
        guard let base = datagram.baseAddress else { return false }
        let bytes = base.assumingMemoryBound(to: gchar.self)
        return nice_agent_send(agent, stream, Self.component, UInt32(datagram.count), bytes) > 0
    }

    var localCandidates: [ICECandidate] {
        var found: [ICECandidate] = []
        let list = nice_agent_get_local_candidates(agent, stream, Self.component)
        var node = list
        while let current = node {
            if let data = current.pointee.data?.assumingMemoryBound(to: NiceCandidate.self) {
                if let candidate = describeNiceCandidate(agent, data) { found.append(candidate) }
                nice_candidate_free(data)
            }
            node = current.pointee.next
        }
        g_slist_free(list)
        return found
    }

    var selectedPath: ICEPath? {
        var local: UnsafeMutablePointer<NiceCandidate>?
        var remote: UnsafeMutablePointer<NiceCandidate>?
        guard nice_agent_get_selected_pair(agent, stream, Self.component, &local, &remote) != 0,
            let local, let remote, let from = describeNiceCandidate(agent, local),
            let to = describeNiceCandidate(agent, remote)
        else { return nil }
        return ICEPath(local: from, remote: to)
    }
}

/// A candidate of libnice as a value; the pointer stays the caller's.
func describeNiceCandidate(
    _ agent: OpaquePointer, _ candidate: UnsafeMutablePointer<NiceCandidate>
) -> ICECandidate? {
    guard let text = nice_agent_generate_local_candidate_sdp(agent, candidate) else { return nil }
    defer { g_free(text) }
    return ICECandidate(String(cString: text))
}

private func niceAddress(_ text: String, port: UInt32) -> NiceAddress? {
    var address = NiceAddress()
    nice_address_init(&address)
    guard nice_address_set_from_string(&address, text) != 0 else { return nil }
    nice_address_set_port(&address, port)
    return address
}
