import Foundation

/// A TURN server (coturn) on 127.0.0.1 for one test, with a certificate of its own for TLS.
final class TurnServer: Sendable {
    static let path = "/usr/bin/turnserver"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

    let port: UInt16
    let tlsPort: UInt16
    let directory: URL
    private let process: Process

    /// Starts a server that knows the user `user` with password `secret`, and waits until it listens.
    init() async throws {
        port = .random(in: 20_000..<25_000)
        tlsPort = .random(in: 25_000..<30_000)
        directory = FileManager.default.temporaryDirectory.appending(path: "turn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let maker = try Self.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout", directory.appending(path: "key.pem").path,
                "-out", directory.appending(path: "certificate.pem").path,
            ])
        // Polled: waiting would block one of the few threads that tests run on.
        while maker.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        process = try Self.run(
            Self.path,
            [
                "-n", "-L", "127.0.0.1", "-E", "127.0.0.1", "-p", "\(port)", "--tls-listening-port",
                "\(tlsPort)",
                "--min-port", "30000", "--max-port", "39999", "-u", "user:secret", "-r", "test", "-a",
                "--allow-loopback-peers", "--no-cli", "--no-dtls", "--no-multicast-peers",
                "--cert", directory.appending(path: "certificate.pem").path,
                "--pkey", directory.appending(path: "key.pem").path,
                "--pidfile", directory.appending(path: "turn.pid").path, "--log-file", "stdout",
            ])
        while !Self.listens(tlsPort) {
            guard process.isRunning else { throw TurnServerError.ended }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: directory)
    }

    /// The file with the certificate that its TLS shows.
    var certificate: String { directory.appending(path: "certificate.pem").path }

    private static func run(_ path: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func listens(_ port: UInt16) -> Bool {
        let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
        let wanted = ":" + String(format: "%04X", port) + " 00000000:0000 0A"
        return table.contains(wanted)
    }
}

/// The server ended before it listened, most likely because a port was taken.
enum TurnServerError: Error {
    case ended
}
