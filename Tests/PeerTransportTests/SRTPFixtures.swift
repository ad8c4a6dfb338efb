import MediaCore
import PeerTransport
import Testing

private let pool = PacketPool()

/// One sender and one receiver with each other's keys; bytes in and bytes out, `nil` when dropped.
final class SRTPPair {
    private var sender: SRTPContext
    private var receiver: SRTPContext

    convenience init(_ profile: SRTPProfile) throws {
        try self.init(profile, left: master(profile, seed: 1), right: master(profile, seed: 101))
    }

    init(_ profile: SRTPProfile, left: SRTPKeys.Master, right: SRTPKeys.Master) throws {
        sender = try SRTPContext(#require(SRTPKeys(profile: profile, local: left, remote: right)))
        receiver = try SRTPContext(#require(SRTPKeys(profile: profile, local: right, remote: left)))
    }

    var sent: SRTPStatistics { sender.statistics }
    var received: SRTPStatistics { receiver.statistics }

    func protect(_ bytes: [UInt8]) -> [UInt8]? { transform(bytes) { sender.protect(&$0) } }

    func protectRTCP(_ bytes: [UInt8]) -> [UInt8]? { transform(bytes) { sender.protectRTCP(&$0) } }

    func unprotect(_ bytes: [UInt8]) -> [UInt8]? { transform(bytes) { receiver.unprotect(&$0) } }

    func unprotectRTCP(_ bytes: [UInt8]) -> [UInt8]? { transform(bytes) { receiver.unprotectRTCP(&$0) } }

    /// Opens a packet with the keys of the wrong direction.
    func unprotectAtSender(_ bytes: [UInt8]) -> [UInt8]? { transform(bytes) { sender.unprotect(&$0) } }

    private func transform(_ bytes: [UInt8], _ body: (inout PacketBuffer) -> Bool) -> [UInt8]? {
        var packet = pool.take()
        guard bytes.withUnsafeBytes({ packet.replace(with: $0) }), body(&packet) else { return nil }
        return packet.withBytes { Array($0) }
    }
}

/// A minimal RTP packet of SSRC 0x01020304.
func rtpPacket(sequence: UInt16, payload: [UInt8]) -> [UInt8] {
    [0x80, 96, UInt8(sequence >> 8), UInt8(sequence & 0xFF), 0, 0, 0, 9, 1, 2, 3, 4] + payload
}

private func master(_ profile: SRTPProfile, seed: UInt8) -> SRTPKeys.Master {
    SRTPKeys.Master(
        key: (0..<UInt8(profile.keyLength)).map { $0 &+ seed },
        salt: (0..<UInt8(profile.saltLength)).map { $0 &+ seed &+ 50 })
}
