import MediaCore
import PeerTransport
import TestSupport
import Testing

@Suite("SCTP under loss", .serialized)
struct SCTPLossTests {
    @Test("a reliable channel delivers everything in order through 20 % loss")
    func reliable() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            pair.lose(0.2, seed: 11)
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "sure")))
            let messages = (0..<200).map { [UInt8](repeating: UInt8($0), count: 1 + $0 * 20) }
            for message in messages {
                #expect(pair.client.association.send(message, isText: false, on: stream))
            }
            pair.run(for: .seconds(600)) { pair.server.messages.count == messages.count }
            #expect(pair.server.messages == messages)
        }
    }

    @Test("a lossy channel delivers what got through, once each, and is not held up")
    func lossy() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let stream = try #require(
                pair.openChannel(
                    DataChannelDescription(label: "lossy", isOrdered: false, reliability: .maxRetransmits(0)))
            )
            pair.lose(0.2, seed: 12)
            for value in UInt8(0)..<200 {
                #expect(pair.client.association.send([value], isText: false, on: stream))
                pair.run(for: .milliseconds(20))
            }
            pair.path = { packet, _ in packet }
            pair.run(for: .seconds(10))
            let arrived = pair.server.messages.compactMap(\.first)
            #expect(Set(arrived).count == arrived.count)
            #expect((100..<200).contains(arrived.count))
            #expect(pair.client.association.send([255], isText: false, on: stream))
            pair.run { pair.server.messages.last == [255] }
            #expect(pair.server.messages.last == [255])
        }
    }

    @Test("a peer that vanishes is noticed, by notification from the timers")
    func vanished() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "gone")))
            pair.path = { _, _ in nil }
            #expect(pair.client.association.send([1], isText: false, on: stream))
            pair.run(for: .seconds(120)) { pair.client.events.last == .disconnected }
            #expect(pair.client.events.last == .disconnected)
            #expect(pair.client.notifications > 0)
            #expect(!pair.client.association.isConnected)
            #expect(!pair.client.association.send([1], isText: false, on: stream))
            #expect(pair.client.association.open(DataChannelDescription(label: "late")) == nil)
        }
    }

    @Test("10,000 changed packets, with right checksums, do no harm")
    func mutations() async {
        await #expect(processExitsWith: .success) {
            var random = SeededGenerator(seed: 13)
            var count = 0
            while count < 10_000 {
                let pair = try SCTPPair()
                pair.path = { packet, isFromClient in
                    for _ in 0..<20 {
                        count += 1
                        let bad = packet.damaged(using: &random).withSCTPChecksum
                        let end = isFromClient ? pair.server : pair.client
                        bad.withUnsafeBytes { end.association.receive($0) }
                        end.drain()
                    }
                    return packet
                }
                let stream = pair.client.association.open(DataChannelDescription(label: "fuzz"))
                _ = pair.client.association.send(
                    Array(repeating: 1, count: 3_000), isText: true, on: stream ?? 0)
                pair.run(for: .seconds(2))
                pair.client.association.close()
                pair.server.association.close()
                pair.path = { packet, _ in packet }  // breaks the cycle, so that the next stack may come
            }
            // The library still works for others.
            let pair = try SCTPPair()
            #expect(pair.connect())
        }
    }
}

extension [UInt8] {
    /// The packet with the CRC32c of RFC 9260 §6.8, so that a change gets past the first check.
    fileprivate var withSCTPChecksum: [UInt8] {
        guard count >= 12 else { return self }
        var packet = self
        packet.replaceSubrange(8..<12, with: [0, 0, 0, 0])
        var sum = ~UInt32(0)
        for byte in packet {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
        }
        Swift.withUnsafeBytes(of: (~sum).littleEndian) { packet.replaceSubrange(8..<12, with: $0) }
        return packet
    }
}
