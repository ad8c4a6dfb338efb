import CSRTP

/// libsrtp as a process-wide library: initialised once, asked for sessions.
enum SRTPLibrary {
    private static let status = srtp_init()

    /// Packets by which reordering may exceed the newest one; retransmissions come late.
    private static let replayWindow: UInt = 1_024

    /// Makes a session for every SSRC of one direction; the caller frees it.
    static func makeSession(
        _ master: SRTPKeys.Master, _ profile: SRTPProfile, for direction: srtp_ssrc_type_t
    ) throws(SRTPError) -> srtp_t {
        guard status == srtp_err_status_ok else { throw .setup(status.rawValue) }
        var secret = master.key + master.salt
        var session: srtp_t?
        let result = secret.withUnsafeMutableBufferPointer { secret in
            var policy = srtp_policy_t()
            policy.ssrc.type = direction
            policy.key = secret.baseAddress  // read by srtp_create only
            policy.window_size = replayWindow
            policy.allow_repeat_tx = 1  // a repeated packet is byte for byte the same
            srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, profile.libraryValue)
            srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, profile.libraryValue)
            return srtp_create(&session, &policy)
        }
        guard result == srtp_err_status_ok, let session else { throw .setup(result.rawValue) }
        return session
    }
}

extension SRTPProfile {
    fileprivate var libraryValue: srtp_profile_t {
        switch self {
        case .aes128CounterSHA1: srtp_profile_aes128_cm_sha1_80
        case .aes128GCM: srtp_profile_aead_aes_128_gcm
        }
    }
}
