import MediaCore
import PeerTransport
import Testing

@Suite("SCTP closing and time", .serialized)
struct SCTPCloseTests {
    @Test("closing a channel closes it at both ends after its last message, and its number comes back")
    func closeChannel() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let description = DataChannelDescription(label: "short")
            for _ in 0..<3 {
                let stream = try #require(pair.openChannel(description))
                #expect(stream == 0)
                #expect(pair.client.association.send([1, 2, 3], isText: false, on: stream))
                pair.client.association.close(stream)
                #expect(!pair.client.association.send([4], isText: false, on: stream))
                pair.run {
                    pair.client.events.last == .closed(stream: stream)
                        && pair.server.events.last == .closed(stream: stream)
                }
                #expect(pair.server.messages == [[1, 2, 3]])
                #expect(pair.client.events.last == .closed(stream: stream))
                #expect(pair.server.events.last == .closed(stream: stream))
                pair.client.forgetEvents()
                pair.server.forgetEvents()
            }
        }
    }

    @Test("one of several channels closes alone")
    func closeOneOfTwo() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            let first = try #require(pair.openChannel(DataChannelDescription(label: "first")))
            let second = try #require(pair.openChannel(DataChannelDescription(label: "second")))
            pair.server.association.close(first)
            pair.run { pair.client.events.contains(.closed(stream: first)) }
            #expect(pair.client.association.send([9], isText: false, on: second))
            pair.run { pair.server.messages == [[9]] }
            #expect(pair.server.messages == [[9]])
        }
    }

    @Test("closing the association tells the peer, and then there is nothing more to time")
    func closeAssociation() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            _ = try #require(pair.openChannel(DataChannelDescription(label: "a")))
            pair.client.association.close()
            pair.client.association.close()
            pair.run(for: .seconds(1)) { pair.server.events.last == .disconnected }
            #expect(pair.client.events.last == .disconnected)
            #expect(pair.server.events.last == .disconnected)
            #expect(pair.server.events.filter { $0 == .disconnected }.count == 1)
            pair.server.association.close()
            pair.run(for: .seconds(5))
            #expect(pair.stack.nextDeadline == nil)
        }
    }

    @Test("ticks are short under traffic and long without")
    func ticks() async {
        await #expect(processExitsWith: .success) {
            let pair = try SCTPPair()
            #expect(pair.stack.nextDeadline?.reason == .sctp)
            let stream = try #require(pair.openChannel(DataChannelDescription(label: "a")))
            #expect(try #require(pair.stack.nextDeadline).time - pair.now == .milliseconds(10))
            pair.run(for: .seconds(1))
            #expect(try #require(pair.stack.nextDeadline).time - pair.now == .milliseconds(50))
            #expect(pair.client.association.send([1], isText: false, on: stream))
            #expect(try #require(pair.stack.nextDeadline).time - pair.now == .milliseconds(10))
        }
    }

    @Test("several associations on one stack do not disturb each other")
    func severalAssociations() async {
        await #expect(processExitsWith: .success) {
            let stack = SCTPStack()
            var wires: [[(target: Int, packet: [UInt8])]] = [[]]
            var ends: [SCTPAssociation] = []
            for index in 0..<6 {
                let role: DTLSRole = index % 2 == 0 ? .client : .server
                ends.append(
                    try stack.makeAssociation(SCTPSettings(role: role), at: .zero) {
                        wires[0].append((index ^ 1, Array($0)))
                    } notify: {
                    })
            }
            for (index, end) in ends.enumerated() where index % 2 == 0 {
                _ = end.open(DataChannelDescription(label: "\(index)"))
            }
            while !wires[0].isEmpty {
                let wire = wires[0]
                wires[0] = []
                for (target, packet) in wire { packet.withUnsafeBytes { ends[target].receive($0) } }
            }
            for index in [1, 3, 5] {
                var labels: [String] = []
                while let event = ends[index].nextEvent() {
                    if case .opened(_, let description, _) = event { labels.append(description.label) }
                }
                #expect(labels == ["\(index - 1)"])
            }
        }
    }
}
