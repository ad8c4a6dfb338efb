import MediaCore
import PeerTransport
import Testing

/// The library is process-wide and may belong to another suite's thread: each test has its own process.
@Suite("SCTP associations", .serialized)
struct SCTPAssociationTests {
    @Test("channels open in both directions, with even numbers for the DTLS client")
    func openBothWays() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let lossy = DataChannelDescription(
                label: "_lossy", isOrdered: false, reliability: .maxRetransmits(0))
            let timed = DataChannelDescription(
                label: "zeit ⏱", reliability: .maxLifetime(500), subprotocol: "p", priority: 9)
            #expect(pair.client.association.open(lossy) == 0)
            #expect(pair.server.association.open(timed) == 1)
            #expect(pair.run { pair.client.opened.count == 2 && pair.server.opened.count == 2 })
            #expect(pair.client.events.first == .connected)
            #expect(pair.server.events.contains(.opened(stream: 0, lossy, byPeer: true)))
            #expect(pair.client.events.contains(.opened(stream: 0, lossy, byPeer: false)))
            #expect(pair.client.events.contains(.opened(stream: 1, timed, byPeer: true)))
            #expect(pair.client.association.open(lossy) == 2)
        }
    }

    @Test("text, binary and empty messages arrive as what they were, in order, also right after open")
    func kinds() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let stream = try #require(pair.client.association.open(DataChannelDescription(label: "a")))
            for (bytes, isText) in [([104, 105], true), ([0, 1, 2], false), ([], true), ([], false)]
                as [([UInt8], Bool)]
            {
                #expect(pair.client.association.send(bytes, isText: isText, on: stream))
            }
            #expect(pair.run { pair.server.messages.count == 4 })
            #expect(
                pair.server.events.suffix(4) == [
                    .message(stream: stream, bytes: [104, 105], isText: true),
                    .message(stream: stream, bytes: [0, 1, 2], isText: false),
                    .message(stream: stream, bytes: [], isText: true),
                    .message(stream: stream, bytes: [], isText: false),
                ])
        }
    }

    @Test("a megabyte in messages of 16 KiB arrives whole in both directions")
    func megabyte() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "bulk")))
            let messages = (0..<64).map { [UInt8](repeating: UInt8($0), count: 16_384) }
            for message in messages {
                #expect(pair.client.association.send(message, isText: false, on: stream))
                #expect(pair.server.association.send(message, isText: false, on: stream))
            }
            pair.run { pair.server.messages.count == 64 && pair.client.messages.count == 64 }
            #expect(pair.server.messages == messages)
            #expect(pair.client.messages == messages)
            #expect(pair.client.association.bufferedAmount(on: stream) == 0)
        }
    }

    @Test("the largest message arrives, a larger one is refused")
    func largest() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "big")))
            let limit = SCTPSettings.maximumReceivedMessage
            var random = SeededGenerator(seed: 3)
            let message = (0..<limit).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(pair.client.association.send(message, isText: false, on: stream))
            #expect(!pair.client.association.send(message + [0], isText: false, on: stream))
            pair.run { !pair.server.messages.isEmpty }
            #expect(pair.server.messages == [message])
        }
    }

    @Test("the peer's limit for messages is kept")
    func peersLimit() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair(client: SCTPSettings(role: .client, maximumMessage: 100))
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "small")))
            #expect(pair.client.association.send(Array(repeating: 1, count: 100), isText: false, on: stream))
            #expect(!pair.client.association.send(Array(repeating: 1, count: 101), isText: false, on: stream))
        }
    }

    @Test("a full queue refuses, keeps what it took, and says when it has emptied")
    func bounded() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair(client: SCTPSettings(role: .client, maximumBuffered: 300_000))
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "full")))
            pair.path = { _, _ in nil }
            var accepted = 0
            while pair.client.association.send(Array(repeating: 7, count: 60_000), isText: false, on: stream)
            {
                accepted += 1
                try #require(accepted < 1_000)
            }
            #expect(pair.client.association.bufferedAmount(on: stream) == 300_000)
            pair.path = { packet, _ in packet }
            pair.run { pair.server.messages.count == accepted }
            #expect(pair.server.messages.count == accepted)
            #expect(pair.client.events.filter { $0 == .drained(stream: stream) }.count == 1)
            #expect(pair.client.association.bufferedAmount(on: stream) == 0)
        }
    }

    @Test("nothing can be sent on a channel that is not there")
    func noChannel() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            #expect(pair.connect())
            #expect(!pair.client.association.send([1], isText: false, on: 0))
            #expect(!pair.client.association.send([1], isText: false, on: 65_535))
        }
    }
}
