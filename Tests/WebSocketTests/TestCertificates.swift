import Foundation
import NIOSSL
import Testing

/// Certificates made for one test run by the openssl program: an authority, and what it signs.
struct TestCertificates {
    let folder: URL

    /// PEM file of the authority.
    var authority: String { folder.appending(path: "ca.pem").path }

    /// Makes the authority in a new folder.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "websocket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "30",
            "-subj", "/CN=Test Authority", "-keyout", "ca.key", "-out", "ca.pem",
            "-addext", "keyUsage=keyCertSign,cRLSign")
    }

    /// A server's TLS with a certificate for `names` (`DNS:…`, `IP:…`), valid until `days` from now.
    func server(names: String, days: Int = 30, highest: TLSVersion = .tlsv13) throws -> NIOSSLContext {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=server",
            "-keyout", "server.key", "-out", "server.csr")
        try Data("subjectAltName=\(names)\n".utf8).write(to: folder.appending(path: "server.ext"))
        // x509 of OpenSSL 3.0 cannot set a start date; ca can, and needs its database.
        try Data().write(to: folder.appending(path: "index.txt"))
        try Data("01\n".utf8).write(to: folder.appending(path: "serial"))
        let now = Date()
        let formatter = DateFormatter()
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyyMMddHHmmss'Z'"
        try Data(configuration.utf8).write(to: folder.appending(path: "ca.cnf"))
        try openssl(
            "ca", "-batch", "-config", "ca.cnf", "-in", "server.csr", "-out", "server.pem", "-notext",
            "-extfile", "server.ext", "-startdate",
            formatter.string(from: now.addingTimeInterval(-10 * 86_400)),
            "-enddate", formatter.string(from: now.addingTimeInterval(Double(days) * 86_400)))
        let certificates = try NIOSSLCertificate.fromPEMFile(folder.appending(path: "server.pem").path)
        let key = try NIOSSLPrivateKey(file: folder.appending(path: "server.key").path, format: .pem)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        settings.maximumTLSVersion = highest
        settings.minimumTLSVersion = .tlsv1
        return try NIOSSLContext(configuration: settings)
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private var configuration: String {
        """
        [ca]
        default_ca = test
        [test]
        database = index.txt
        serial = serial
        new_certs_dir = .
        certificate = ca.pem
        private_key = ca.key
        default_md = sha256
        policy = any
        unique_subject = no
        [any]
        commonName = supplied
        """
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " ")): \(text)")
    }
}
