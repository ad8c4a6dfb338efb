import Logging
import PeerConnection

/// Two connections on 127.0.0.1 whose candidates go straight to each other.
struct ConnectedPair {
    let offerer: PeerConnection
    let answerer: PeerConnection
    /// What happened at the offerer.
    let offererLog: EventLog
    /// What happened at the answerer.
    let answererLog: EventLog

    init(offerer first: PeerConfiguration = .loopback, answerer second: PeerConfiguration = .loopback) {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        offerer = PeerConnection(configuration: first, logger: logger)
        answerer = PeerConnection(configuration: second, logger: logger)
        offererLog = EventLog()
        answererLog = EventLog()
    }

    /// Runs `body` while events and candidates are being passed on; closes both connections at the end.
    func run(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await pump(offerer, into: offererLog, to: answerer) }
            group.addTask { await pump(answerer, into: answererLog, to: offerer) }
            do {
                try await body()
            } catch {
                await closeBoth()
                throw error
            }
            await closeBoth()
            try await group.waitForAll()
        }
    }

    /// One whole exchange.
    func negotiate(iceRestart: Bool = false) async throws {
        let offer = try await offerer.createOffer(iceRestart: iceRestart)
        let answer = try await answerer.acceptOffer(offer)
        try await offerer.acceptAnswer(answer)
    }

    private func closeBoth() async {
        await offerer.close()
        await answerer.close()
    }
}

private func pump(_ peer: PeerConnection, into log: EventLog, to other: PeerConnection) async {
    for await event in peer.events {
        if case .localCandidate(let candidate) = event {
            await other.addRemoteCandidate(candidate.candidate, mid: candidate.mid)
        }
        await log.append(event)
    }
    await log.finish()
}

/// The events of one connection, for waiting.
actor EventLog {
    private var events: [PeerEvent] = []
    private var isFinished = false
    private var changed: [CheckedContinuation<Void, Never>] = []

    func append(_ event: PeerEvent) {
        events.append(event)
        wake()
    }

    func finish() {
        isFinished = true
        wake()
    }

    /// The first value that `match` finds in an event, past or to come; removes the events up to it.
    func next<T: Sendable>(_ match: @Sendable (PeerEvent) -> T?) async throws -> T {
        while true {
            for (index, event) in events.enumerated() {
                guard let found = match(event) else { continue }
                events.remove(at: index)
                return found
            }
            guard !isFinished else { throw EventLogError.ended }
            await withCheckedContinuation { changed.append($0) }
        }
    }

    /// Waits until the connection reaches `state`.
    func reach(_ state: PeerConnectionState) async throws {
        _ = try await next { event -> Bool? in
            if case .stateChanged(state) = event { true } else { nil }
        }
    }

    private func wake() {
        let waiting = changed
        changed = []
        for continuation in waiting { continuation.resume() }
    }
}

/// The connection ended before what was waited for.
enum EventLogError: Error {
    case ended
}

extension PeerConfiguration {
    /// Only 127.0.0.1.
    static var loopback: PeerConfiguration {
        var configuration = PeerConfiguration()
        configuration.bindAddresses = ["127.0.0.1"]
        return configuration
    }

    /// Only 127.0.0.1, packets as they are.
    static var loopbackRoom: PeerConfiguration {
        var configuration = loopback
        configuration.mediaMode = .packets
        return configuration
    }
}
