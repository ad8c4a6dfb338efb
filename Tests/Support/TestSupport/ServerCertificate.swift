import Foundation
import Testing

/// Certificates made for one test by the openssl program: an authority, and a server's certificate signed by it.
package struct ServerCertificate: Sendable {
    private let folder: URL

    /// PEM file of the authority.
    package var authority: String { folder.appending(path: "ca.pem").path }

    /// PEM file of what the server shows.
    package var chain: String { path("server.pem") }

    /// PEM file of the server's key.
    package var key: String { path("server.key") }

    /// Runs `body` with a certificate for `name` (`DNS:…`, `IP:…`); with -1 `days` it has expired.
    package static func run(
        name: String = "IP:127.0.0.1", days: Int = 2, _ body: (ServerCertificate) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tls-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = ServerCertificate(folder: folder)
        try await certificate.make(name: name, days: days)
        try await body(certificate)
    }

    private func make(name: String, days: Int) async throws {
        try Data("subjectAltName=\(name)\n".utf8).write(to: folder.appending(path: "server.ext"))
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try await openssl(
            [
                "req", "-x509", "-days", "2", "-subj", "/CN=Test Authority", "-keyout", path("ca.key"),
                "-out", authority,
            ] + newKey)
        try await openssl(
            ["req", "-subj", "/CN=server", "-keyout", key, "-out", path("server.csr")] + newKey)
        try await openssl([
            "x509", "-req", "-in", path("server.csr"), "-CA", authority, "-CAkey", path("ca.key"),
            "-CAcreateserial",
            "-days", "\(days)", "-extfile", path("server.ext"), "-out", chain,
        ])
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func openssl(_ arguments: [String]) async throws {
        try await SpawnedProgram.run(["openssl"] + arguments) { program in
            let status = await program.status(within: .seconds(10))
            try #require(status == 0, "openssl: \(program.errors)")
        }
    }
}
