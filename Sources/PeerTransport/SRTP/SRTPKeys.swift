import COpenSSL

/// The master keys of both directions; never printed.
package struct SRTPKeys: Hashable, Sendable {
    /// Key and salt of one direction.
    package struct Master: Hashable, Sendable {
        /// The master key.
        package let key: [UInt8]
        /// The master salt.
        package let salt: [UInt8]

        /// Makes a master key from its two parts.
        package init(key: [UInt8], salt: [UInt8]) {
            self.key = key
            self.salt = salt
        }
    }

    /// How packets are protected.
    package let profile: SRTPProfile
    /// For packets that we send.
    package let local: Master
    /// For packets that the peer sends.
    package let remote: Master

    /// Makes keys; `nil` when a part has the wrong length for the profile.
    package init?(profile: SRTPProfile, local: Master, remote: Master) {
        let fits = [local, remote].allSatisfy {
            $0.key.count == profile.keyLength && $0.salt.count == profile.saltLength
        }
        guard fits else { return nil }
        self.profile = profile
        self.local = local
        self.remote = remote
    }
}

extension SRTPKeys: CustomStringConvertible {
    package var description: String { "SRTPKeys(\(profile), redacted)" }
}

extension SRTPKeys {
    /// Takes the keys out of a finished handshake: client key, server key, client salt, server salt.
    ///
    /// RFC 5764 §4.2.
    init?(exportedFrom session: OpaquePointer, role: DTLSRole) {
        guard let selected = SSL_get_selected_srtp_profile(session),
            let profile = SRTPProfile(rawValue: selected.pointee.id)
        else { return nil }
        let label = "EXTRACTOR-dtls_srtp"
        let (keyLength, saltLength) = (profile.keyLength, profile.saltLength)
        var material = [UInt8](repeating: 0, count: 2 * (keyLength + saltLength))
        let result = SSL_export_keying_material(
            session, &material, material.count, label, label.utf8.count, nil, 0, 0)
        guard result == 1 else { return nil }
        let salts = material[(2 * keyLength)...]
        let client = Master(key: Array(material[..<keyLength]), salt: Array(salts.prefix(saltLength)))
        let server = Master(
            key: Array(material[keyLength..<(2 * keyLength)]), salt: Array(salts.dropFirst(saltLength)))
        switch role {
        case .client: self.init(profile: profile, local: client, remote: server)
        case .server: self.init(profile: profile, local: server, remote: client)
        }
    }
}
