import CSRTP
package import MediaCore

/// Protects outgoing and opens incoming RTP and RTCP, in place (RFC 3711, RFC 7714).
///
/// Every method answers whether the packet may go on; if not, it is counted and must be dropped.
package struct SRTPContext: ~Copyable {
    /// RTP's fixed header.
    private static let rtpHeaderLength = 12
    /// RTCP's common header with the first SSRC.
    private static let rtcpHeaderLength = 8
    /// The index and the encryption flag behind a protected RTCP packet.
    private static let rtcpIndexLength = 4
    /// Room that the library wants behind a packet before it protects it.
    private static let trailerRoom = Int(SRTP_MAX_TAG_LEN) + 128 + rtcpIndexLength

    private let outbound: srtp_t
    private let inbound: srtp_t
    private let tagLength: Int
    /// What was dropped and why.
    package private(set) var statistics = SRTPStatistics()

    /// Makes the two directions for any SSRC.
    package init(_ keys: SRTPKeys) throws(SRTPError) {
        let outbound = try SRTPLibrary.makeSession(keys.local, keys.profile, for: ssrc_any_outbound)
        do throws(SRTPError) {
            self.inbound = try SRTPLibrary.makeSession(keys.remote, keys.profile, for: ssrc_any_inbound)
        } catch {
            srtp_dealloc(outbound)
            throw error
        }
        self.outbound = outbound
        self.tagLength = keys.profile.tagLength
    }

    deinit {
        srtp_dealloc(outbound)
        srtp_dealloc(inbound)
    }

    /// Encrypts and signs an RTP packet.
    package mutating func protect(_ packet: inout PacketBuffer) -> Bool {
        let session = outbound
        return transform(&packet, atLeast: Self.rtpHeaderLength, room: Self.trailerRoom) {
            srtp_protect(session, $0, &$1)
        }
    }

    /// Encrypts and signs a compound RTCP packet.
    package mutating func protectRTCP(_ packet: inout PacketBuffer) -> Bool {
        let session = outbound
        return transform(&packet, atLeast: Self.rtcpHeaderLength, room: Self.trailerRoom) {
            srtp_protect_rtcp(session, $0, &$1)
        }
    }

    /// Checks and decrypts an RTP packet.
    package mutating func unprotect(_ packet: inout PacketBuffer) -> Bool {
        let session = inbound
        return transform(&packet, atLeast: Self.rtpHeaderLength + tagLength, room: 0) {
            srtp_unprotect(session, $0, &$1)
        }
    }

    /// Checks and decrypts a compound RTCP packet.
    package mutating func unprotectRTCP(_ packet: inout PacketBuffer) -> Bool {
        let session = inbound
        let least = Self.rtcpHeaderLength + Self.rtcpIndexLength + tagLength
        return transform(&packet, atLeast: least, room: 0) { srtp_unprotect_rtcp(session, $0, &$1) }
    }

    private mutating func transform(
        _ packet: inout PacketBuffer, atLeast least: Int, room: Int,
        _ body: (UnsafeMutableRawPointer, inout Int32) -> srtp_err_status_t
    ) -> Bool {
        guard packet.count >= least, packet.count + room <= PacketBuffer.capacity else {
            statistics.malformed += 1
            return false
        }
        var count = Int32(packet.count)
        let status = packet.withCapacity { bytes in
            bytes.baseAddress.map { body($0, &count) } ?? srtp_err_status_bad_param
        }
        guard status == srtp_err_status_ok else {
            note(status)
            return false
        }
        packet.resize(to: Int(count))
        return true
    }

    private mutating func note(_ status: srtp_err_status_t) {
        switch status {
        case srtp_err_status_auth_fail: statistics.unauthentic += 1
        case srtp_err_status_replay_fail, srtp_err_status_replay_old: statistics.replayed += 1
        case srtp_err_status_bad_param, srtp_err_status_parse_err: statistics.malformed += 1
        default: statistics.refused += 1
        }
    }
}
