/// A protection profile of RFC 5764 §4.1.2 and RFC 7714 §14.2.
package enum SRTPProfile: UInt, Hashable, Sendable, CaseIterable {
    /// AES counter mode with an 80-bit HMAC-SHA1 tag: what every peer speaks.
    case aes128CounterSHA1 = 1
    /// AES-GCM with a 128-bit tag: four times cheaper here.
    case aes128GCM = 7

    /// What we offer and accept, best first.
    package static let byPreference: [SRTPProfile] = [.aes128GCM, .aes128CounterSHA1]

    /// Bytes of the master key.
    package var keyLength: Int { 16 }

    /// Bytes of the master salt.
    package var saltLength: Int {
        switch self {
        case .aes128CounterSHA1: 14
        case .aes128GCM: 12
        }
    }

    /// Bytes that protection adds to an RTP packet.
    package var tagLength: Int {
        switch self {
        case .aes128CounterSHA1: 10
        case .aes128GCM: 16
        }
    }

    var openSSLName: String {
        switch self {
        case .aes128CounterSHA1: "SRTP_AES128_CM_SHA1_80"
        case .aes128GCM: "SRTP_AEAD_AES_128_GCM"
        }
    }
}
