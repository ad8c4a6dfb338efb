import Testing

@testable import PeerTransport

@Suite("Data channel sessions")
struct DataChannelSessionTests {
    private let lossy = DataChannelDescription(label: "l", isOrdered: false, reliability: .maxRetransmits(0))

    @Test("messages are ordered until the peer acknowledges, then as the channel says (RFC 8832 §6)")
    func orderedUntilAcknowledged() throws {
        var session = DataChannelSession(role: .client, streamLimit: 8)
        let opened = session.open(lossy)
        let stream = try #require(opened)
        _ = session.send([1], isText: false, on: stream)
        let before = outputs(of: &session)
        #expect(before.map(\.message?.isOrdered) == [true, true])
        session.receive([2], payloadProtocol: 50, on: stream)
        _ = session.send([2], isText: false, on: stream)
        let after = outputs(of: &session)
        #expect(after.first == .event(.opened(stream: stream, lossy, byPeer: false)))
        #expect(after.last?.message?.isOrdered == false)
        #expect(after.last?.message?.reliability == .maxRetransmits(0))
    }

    @Test("a message that overtakes the acknowledgement opens the channel, once")
    func messageBeforeAcknowledgement() throws {
        var session = DataChannelSession(role: .client, streamLimit: 8)
        let opened = session.open(lossy)
        let stream = try #require(opened)
        _ = outputs(of: &session)
        session.receive([7], payloadProtocol: 53, on: stream)
        session.receive([2], payloadProtocol: 50, on: stream)
        #expect(
            outputs(of: &session) == [
                .event(.opened(stream: stream, lossy, byPeer: false)),
                .event(.message(stream: stream, bytes: [7], isText: false)),
            ])
    }

    @Test("an OPEN on our parity, on a stream in use or beyond the last one is dropped")
    func wrongStreams() {
        var session = DataChannelSession(role: .client, streamLimit: 8)
        let open = DataChannelProtocol.open(lossy).bytes
        session.receive(open, payloadProtocol: 50, on: 1)
        _ = outputs(of: &session)
        for stream in [0, 1, 2, 9, 65_535] as [UInt16] {
            session.receive(open, payloadProtocol: 50, on: stream)
        }
        #expect(outputs(of: &session).isEmpty)
        #expect(session.dropped == 5)
    }

    @Test("numbers run out, and come back when a channel is closed on both sides")
    func numbers() {
        var session = DataChannelSession(role: .server, streamLimit: 4)
        #expect(session.open(lossy) == 1)
        #expect(session.open(lossy) == 3)
        #expect(session.open(lossy) == nil)
        session.close(1)
        session.outgoingReset(of: [1])
        #expect(session.open(lossy) == nil)
        session.receiveReset(of: [1])
        #expect(outputs(of: &session).last == .event(.closed(stream: 1)))
        #expect(session.open(lossy) == 1)
    }

    @Test("a reset by the peer is answered by our own")
    func answeredReset() {
        var session = DataChannelSession(role: .server, streamLimit: 4)
        session.receive(DataChannelProtocol.open(lossy).bytes, payloadProtocol: 50, on: 0)
        _ = outputs(of: &session)
        session.receiveReset(of: [])
        #expect(outputs(of: &session) == [.resetOutgoing(stream: 0)])
        session.outgoingReset(of: [0])
        #expect(outputs(of: &session) == [.event(.closed(stream: 0))])
    }

    private func outputs(of session: inout DataChannelSession) -> [DataChannelSession.Output] {
        var result: [DataChannelSession.Output] = []
        while let output = session.nextOutput() { result.append(output) }
        return result
    }
}

extension DataChannelSession.Output {
    fileprivate var message: SCTPMessage? {
        if case .transmit(let message) = self { message } else { nil }
    }
}
