import MediaCore
import PeerTransport

/// Two associations in memory on one stack, with virtual time and a path that may lose or change packets.
final class SCTPPair {
    /// What happens to a packet on its way; `nil` loses it.
    typealias Path = (_ packet: [UInt8], _ isFromClient: Bool) -> [UInt8]?

    /// One end and what it said.
    final class End {
        fileprivate(set) var association: SCTPAssociation!
        fileprivate var outgoing: [[UInt8]] = []
        private(set) var events: [DataChannelEvent] = []
        fileprivate(set) var notifications = 0

        func drain() {
            while let event = association.nextEvent() { events.append(event) }
        }

        func forgetEvents() { events = [] }

        var messages: [[UInt8]] {
            events.compactMap { if case .message(_, let bytes, _) = $0 { bytes } else { nil } }
        }

        var opened: [(stream: UInt16, description: DataChannelDescription, byPeer: Bool)] {
            events.compactMap {
                if case .opened(let stream, let what, let who) = $0 { (stream, what, who) } else { nil }
            }
        }
    }

    let stack = SCTPStack()
    let client = End()
    let server = End()
    private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    var path: Path = { packet, _ in packet }

    init(
        client clientSettings: SCTPSettings = SCTPSettings(role: .client, maximumMessage: 1 << 20),
        server serverSettings: SCTPSettings = SCTPSettings(role: .server, maximumMessage: 1 << 20)
    ) throws {
        try attach(client, clientSettings)
        try attach(server, serverSettings)
    }

    private func attach(_ end: End, _ settings: SCTPSettings) throws {
        end.association = try stack.makeAssociation(settings, at: now) { [unowned end] packet in
            end.outgoing.append(Array(packet))
        } notify: { [unowned end] in
            end.notifications += 1
        }
    }

    /// Carries packets and lets time pass until `isDone`, at most `limit` of virtual time.
    @discardableResult
    func run(for limit: Duration = .seconds(60), until isDone: () -> Bool = { false }) -> Bool {
        let end = now + limit
        while true {
            deliver()
            client.drain()
            server.drain()
            if isDone() { return true }
            guard now < end, let deadline = stack.nextDeadline else { return false }
            now = max(deadline.time, now)
            stack.advance(to: now)
        }
    }

    /// Both ends connected.
    func connect() -> Bool {
        run { client.association.isConnected && server.association.isConnected }
    }

    /// Opens a channel from the client and waits until both ends know it.
    func openChannel(_ description: DataChannelDescription) -> UInt16? {
        guard let stream = client.association.open(description) else { return nil }
        let isOpen = run { [client, server] in
            client.opened.contains { $0.stream == stream } && server.opened.contains { $0.stream == stream }
        }
        return isOpen ? stream : nil
    }

    private func deliver() {
        // A bound, because a path that answers every packet would otherwise go on for ever.
        for _ in 0..<10_000 where !(client.outgoing.isEmpty && server.outgoing.isEmpty) {
            carry(from: client, to: server, isFromClient: true)
            carry(from: server, to: client, isFromClient: false)
        }
    }

    private func carry(from: End, to: End, isFromClient: Bool) {
        let packets = from.outgoing
        from.outgoing = []
        for packet in packets.compactMap({ path($0, isFromClient) }) {
            packet.withUnsafeBytes { to.association.receive($0) }
            to.drain()
        }
    }
}

extension SCTPPair {
    /// Loses packets with the given chance, repeatably.
    func lose(_ chance: Double, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        path = { packet, _ in Double.random(in: 0..<1, using: &random) < chance ? nil : packet }
    }
}
