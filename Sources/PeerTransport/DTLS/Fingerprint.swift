import COpenSSL

/// The hash of a certificate, by which two peers know each other (RFC 8122 §5).
package struct Fingerprint: Hashable, Sendable {
    /// A hash function that may stand in front of a fingerprint; weaker ones are not accepted.
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case sha256 = "sha-256"
        case sha384 = "sha-384"
        case sha512 = "sha-512"

        /// Bytes of one hash.
        package var byteCount: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        var digest: OpaquePointer? {
            switch self {
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        }
    }

    /// How `bytes` were made.
    package let algorithm: Algorithm
    /// The hash itself.
    package let bytes: [UInt8]

    /// Makes a fingerprint; `nil` when the hash has the wrong length.
    package init?(algorithm: Algorithm, bytes: [UInt8]) {
        guard bytes.count == algorithm.byteCount else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Reads the value of an `a=fingerprint` line, such as `sha-256 AB:CD:…`; `nil` when it is not one.
    package init?(sdp: some StringProtocol) {
        let parts = sdp.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, let algorithm = Algorithm(rawValue: parts[0].lowercased()) else { return nil }
        let octets = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        let bytes = octets.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard bytes.count == octets.count else { return nil }
        self.init(algorithm: algorithm, bytes: bytes)
    }

    /// The hash as upper-case hexadecimal octets with colons.
    package var sdpValue: String {
        bytes.map { octet in
            let text = String(octet, radix: 16, uppercase: true)
            return text.count == 1 ? "0" + text : text
        }.joined(separator: ":")
    }

    /// The whole value of an `a=fingerprint` line.
    package var sdpAttribute: String { "\(algorithm.rawValue) \(sdpValue)" }
}

extension Fingerprint {
    /// Hashes an X.509 certificate, which stays the caller's.
    init?(of certificate: OpaquePointer, algorithm: Algorithm) {
        var count: UInt32 = 0
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        guard X509_digest(certificate, algorithm.digest, &bytes, &count) == 1 else { return nil }
        self.init(algorithm: algorithm, bytes: Array(bytes.prefix(Int(count))))
    }
}
