import Glibc
import Logging
import MediaCore
import TestSupport
import Testing

@testable import PeerConnection

/// Connections whose only way is a TURN server.
@Suite(.serialized, .enabled(if: TurnServer.isInstalled), .timeLimit(.minutes(5)))
struct RelayTests {
    @Test(arguments: [
        "turn:127.0.0.1:{port}", "turn:127.0.0.1:{port}?transport=tcp", "turns:localhost:{secure}",
    ])
    func dataGoesThroughARelay(url: String) async throws {
        try await withServer { server, certificate in
            var relayed = PeerConfiguration.loopback
            relayed.transportPolicy = .relay
            relayed.certificateAuthorityFile = certificate.authority
            relayed.iceServers = [
                ICEServer(urls: [server.url(url)], username: "user", credential: "secret")
            ]
            let pair = ConnectedPair(offerer: relayed)
            try await pair.run {
                await pair.offerer.openDataChannel("_reliable")
                try await pair.negotiate()
                let candidate = try await pair.offererLog.next { event -> ICECandidate? in
                    if case .localCandidate(let local) = event { ICECandidate(local.candidate) } else { nil }
                }
                #expect(candidate.kind == .relay)
                try await pair.offererLog.reach(.connected)
                try await pair.offerer.send([1, 2, 3], on: "_reliable")
                #expect(try await pair.answererLog.nextMessage(on: "_reliable") == [1, 2, 3])
                #expect(await pair.offerer.transportStatistics().path?.local.kind == .relay)
            }
        }
    }

    @Test func aServerWithAnUntrustedCertificateIsNotSpokenTo() async throws {
        try await withServer { server, _ in
            let target = TurnTLSServer(host: "localhost", address: "127.0.0.1", port: server.securePort)
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let tunnel = try #require(TurnTLSTunnel(to: target, logger: logger))
            let thread = PinnedThread(name: "reader")
            let port = tunnel.port
            let reader = Task(executorPreference: thread) { readToEnd(port: port) }
            #expect(await reader.value == 0)
            withExtendedLifetime((tunnel, thread)) {}
        }
    }

    private func withServer(
        _ body: (TurnServer, ServerCertificate) async throws -> Void
    ) async throws {
        try await ServerCertificate.run(name: "DNS:localhost,IP:127.0.0.1") { certificate in
            try await TurnServer.run(certificate) { try await body($0, certificate) }
        }
    }
}

/// Connects to a port of 127.0.0.1, speaks, and counts the bytes that come back before the other side hangs up.
private func readToEnd(port: UInt16) -> Int {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo("127.0.0.1", "\(port)", &hints, &list) == 0, let target = list?.pointee else {
        return -1
    }
    defer { freeaddrinfo(list) }
    let descriptor = socket(target.ai_family, target.ai_socktype, 0)
    defer { close(descriptor) }
    guard connect(descriptor, target.ai_addr, target.ai_addrlen) == 0 else { return -1 }
    var total = 0
    var buffer = [UInt8](repeating: 0, count: 1_024)
    _ = send(descriptor, buffer, 20, Int32(MSG_NOSIGNAL))
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { total += count }
    return total
}
