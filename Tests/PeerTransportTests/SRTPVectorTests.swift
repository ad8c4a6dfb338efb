import PeerTransport
import Testing

/// Packets computed by an independent implementation of RFC 3711 §4 and RFC 7714 §8 and §9.
///
/// Master key and salt are those of RFC 3711 B.3, whose session keys that implementation reproduces;
/// header and payload are in the manner of RFC 7714 §16.
@Suite("SRTP known answers")
struct SRTPVectorTests {
    private static let key = "e1f97a0d3e018be0d64fa32c06de4139"
    private static let salt = "0ec675ad498afeebb6960b3aabe6"

    private let rtp: [UInt8] =
        bytes("8040f17b8041f8d35501a0b2") + Array("Gallia est omnis divisa in partes tres".utf8)

    @Test(
        "RTP is protected as computed elsewhere",
        arguments: [
            (
                .aes128GCM,
                "8040f17b8041f8d35501a0b201b8be2fa69386b0391f3316d85e29559875821b0a2f9b5c6ca63a2cc563d1a3"
                    + "e234095d7b348b206eefe51eb4497c567d75d7dc3abe"
            ),
            (
                .aes128CounterSHA1,
                "8040f17b8041f8d35501a0b246be74509aaa5ce4310b26d95e135249979cd7bc38109ee071f7bf3aa8495d6d"
                    + "d41778d02641cbe126523e4fe97e1d91"
            ),
        ] as [(SRTPProfile, String)])
    func rtpVector(_ profile: SRTPProfile, _ expected: String) throws {
        #expect(try pair(profile).protect(rtp) == bytes(expected))
    }

    @Test("the first RTCP packet under GCM is protected as computed elsewhere")
    func rtcpVector() throws {
        #expect(
            try pair(.aes128GCM).protectRTCP(bytes("81ce00025501a0b25501a0b3"))
                == bytes("81ce00025501a0b29d429d6882d6655a690841e1b200e65b78b5dd2680000001"))
    }

    private func pair(_ profile: SRTPProfile) throws -> SRTPPair {
        let salt = Array(bytes(Self.salt).prefix(profile.saltLength))
        let master = SRTPKeys.Master(key: bytes(Self.key), salt: salt)
        return try SRTPPair(profile, left: master, right: master)
    }
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
