import NIOSSL
import TestSupport

extension ServerCertificate {
    /// The TLS of a server that shows it.
    func context(highest: TLSVersion = .tlsv13) throws -> NIOSSLContext {
        let certificates = try NIOSSLCertificate.fromPEMFile(chain)
        let key = try NIOSSLPrivateKey(file: key, format: .pem)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
        settings.maximumTLSVersion = highest
        settings.minimumTLSVersion = .tlsv1
        return try NIOSSLContext(configuration: settings)
    }
}
