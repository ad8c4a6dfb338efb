package import PeerTransport

/// How one side of a connection is reached and secured: the ICE, DTLS and candidate lines.
package struct TransportParameters: Hashable, Sendable {
    /// The ICE name and password of this generation.
    package var credentials: ICECredentials?
    /// What the certificate of this side must hash to; the strongest known one counts (RFC 8122 §5).
    package var fingerprints: [Fingerprint] = []
    /// Who opens the DTLS connection.
    package var setup: DTLSSetup?
    /// Candidates in the description itself, as the text behind `a=`.
    package var candidates: [String] = []
    /// No further candidates follow (RFC 8840 §8.2).
    package var hasAllCandidates = false
    /// Candidates follow later (RFC 8840 §8.1).
    package var trickles = false

    /// Makes parameters that say nothing.
    package init() {}
}

/// The user name fragment and password of one ICE generation (RFC 8839 §5.4).
package struct ICECredentials: Hashable, Sendable {
    /// `a=ice-ufrag`.
    package var username: String
    /// `a=ice-pwd`.
    package var password: String

    /// Makes credentials.
    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}

/// `a=setup` (RFC 4145 §4, RFC 5763 §5).
package enum DTLSSetup: String, Hashable, Sendable {
    case actpass, active, passive
}
