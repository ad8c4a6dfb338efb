import MediaCore
import TestSupport
import Testing

@testable import PeerTransport

@Suite("Data channel establishment")
struct DataChannelProtocolTests {
    static let descriptions: [DataChannelDescription] = [
        DataChannelDescription(label: ""),
        DataChannelDescription(label: "_reliable"),
        DataChannelDescription(label: "_lossy", isOrdered: false, reliability: .maxRetransmits(0)),
        DataChannelDescription(label: "後", reliability: .maxLifetime(.max), subprotocol: "x"),
        DataChannelDescription(label: String(repeating: "l", count: 65_535), isOrdered: false),
    ]

    @Test("OPEN survives the wire", arguments: descriptions)
    func openRoundTrip(_ description: DataChannelDescription) {
        #expect(
            DataChannelProtocol(parsing: DataChannelProtocol.open(description).bytes) == .open(description))
    }

    @Test("OPEN looks as in RFC 8832 §5.1")
    func openLayout() {
        let description = DataChannelDescription(
            label: "ab", isOrdered: false, reliability: .maxRetransmits(258), subprotocol: "c", priority: 512)
        #expect(
            DataChannelProtocol.open(description).bytes
                == [3, 0x81, 2, 0, 0, 0, 1, 2, 0, 2, 0, 1, 97, 98, 99])
        #expect(DataChannelProtocol.acknowledge.bytes == [2])
    }

    @Test(
        "what is no message is refused",
        arguments: [
            [], [0], [1], [3], [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 97],
        ] as [[UInt8]])
    func refused(_ bytes: [UInt8]) {
        #expect(DataChannelProtocol(parsing: bytes) == nil)
    }

    @Test("10,000 changed messages do no harm to a session")
    func mutations() {
        var random = SeededGenerator(seed: 21)
        var session = DataChannelSession(role: .server, streamLimit: 64)
        let seeds = Self.descriptions.prefix(4).map { DataChannelProtocol.open($0).bytes } + [[2], [0]]
        for _ in 0..<10_000 {
            let message = (seeds.randomElement(using: &random) ?? []).damaged(using: &random)
            let stream = UInt16.random(in: 0..<80, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: session.receiveReset(of: [stream])
            case 1: session.outgoingReset(of: [stream])
            case 2: session.close(stream)
            default:
                let kind = UInt32.random(in: 49...58, using: &random)
                session.receive(message, payloadProtocol: kind, on: stream)
            }
            while session.nextOutput() != nil {}
        }
        #expect(session.dropped > 0)
    }
}
