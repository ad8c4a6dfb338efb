import PeerTransport
import Testing

@Suite("Certificates and fingerprints")
struct CertificateTests {
    @Test("every certificate has its own fingerprint")
    func unique() throws {
        #expect(try Certificate.make().fingerprint != Certificate.make().fingerprint)
    }

    @Test("a fingerprint survives the session description")
    func roundTrip() throws {
        let fingerprint = try Certificate.make().fingerprint
        #expect(fingerprint.algorithm == .sha256)
        #expect(fingerprint.sdpValue.count == 32 * 3 - 1)
        #expect(Fingerprint(sdp: fingerprint.sdpAttribute) == fingerprint)
        #expect(Fingerprint(sdp: "SHA-256 " + fingerprint.sdpValue.lowercased()) == fingerprint)
    }

    @Test(
        "what is no fingerprint is refused",
        arguments: [
            "", "sha-256", "sha-256 ", "sha-256 AB:CD",
            "sha-1 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33",
            "sha-256 " + Array(repeating: "+1", count: 32).joined(separator: ":") + ":",
            "sha-256 " + Array(repeating: "GG", count: 32).joined(separator: ":"),
            "sha-256 " + Array(repeating: "AB", count: 33).joined(separator: ":"),
            "sha-256 " + Array(repeating: "AB", count: 32).joined(separator: "-"),
        ])
    func refused(_ text: String) {
        #expect(Fingerprint(sdp: text) == nil)
    }
}
