import Foundation
import Testing

/// A TURN server (Debian's coturn) on this machine, with a certificate for TLS.
package struct TurnServer: Sendable {
    /// Whether coturn is there.
    package static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/turnserver")

    /// For UDP and TCP.
    package let port: UInt16
    /// For TLS.
    package let securePort: UInt16
    private let server: SpawnedProgram

    /// How many relays it has given out since it started.
    package var allocations: Int {
        server.output.components(separatedBy: "ALLOCATE processed, success").count - 1
    }

    /// Runs `body` with a server that knows the user `user` with the password `secret`.
    package static func run(
        _ certificate: ServerCertificate, _ body: (TurnServer) async throws -> Void
    ) async throws {
        let (port, securePort) = (try unusedPort(), try unusedPort())
        let arguments = [
            "turnserver", "-n", "-v", "-L", "127.0.0.1", "-E", "127.0.0.1", "-p", "\(port)",
            "--tls-listening-port", "\(securePort)", "-u", "user:secret", "-r", "test", "-a",
            "--allow-loopback-peers",
            "--no-cli", "--no-dtls", "--no-multicast-peers", "--cert", certificate.chain,
            "--pkey", certificate.key, "--pidfile", "turn.pid", "--log-file", "stdout",
        ]
        try await SpawnedProgram.run(arguments) { server in
            try await wait(for: "coturn", of: server, within: .seconds(10)) { isListening(on: securePort) }
            try await body(TurnServer(port: port, securePort: securePort, server: server))
        }
    }

    /// A URL of it, from one that says `{port}` or `{secure}`.
    package func url(_ template: String) -> String {
        template.replacing("{port}", with: "\(port)").replacing("{secure}", with: "\(securePort)")
    }
}

private func isListening(on port: UInt16) -> Bool {
    let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
    return table.contains(":" + String(format: "%04X", port) + " 00000000:0000 0A")
}
