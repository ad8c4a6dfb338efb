import PeerTransport
import Testing

@Suite("Datagram kinds")
struct DatagramKindTests {
    @Test(
        "the first byte tells the protocol (RFC 7983)",
        arguments: [
            (0, .stun), (3, .stun), (4, .unknown), (16, .unknown), (19, .unknown), (20, .dtls), (63, .dtls),
            (64, .turnChannel), (79, .turnChannel), (80, .unknown), (127, .unknown), (128, .rtp), (191, .rtp),
            (192, .unknown), (255, .unknown),
        ] as [(UInt8, DatagramKind)])
    func firstByte(_ first: UInt8, _ kind: DatagramKind) {
        #expect([first, 96, 0, 0].withUnsafeBytes { DatagramKind($0) } == kind)
    }

    @Test(
        "the payload type tells RTCP from RTP (RFC 5761)",
        arguments: [
            (0, .rtp), (191, .rtp), (192, .rtcp), (200, .rtcp), (206, .rtcp), (223, .rtcp), (224, .rtp),
        ] as [(UInt8, DatagramKind)])
    func secondByte(_ second: UInt8, _ kind: DatagramKind) {
        #expect(DatagramKind(first: 128, second: second) == kind)
    }

    @Test("what is too short is unknown", arguments: [[], [128]] as [[UInt8]])
    func tooShort(_ bytes: [UInt8]) {
        #expect(bytes.withUnsafeBytes { DatagramKind($0) } == .unknown)
    }
}
