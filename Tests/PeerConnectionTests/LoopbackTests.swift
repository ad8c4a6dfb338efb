import PeerConnection
import PeerTransport
import Testing

/// Whole connections over real sockets on 127.0.0.1.
@Suite(.timeLimit(.minutes(5)))
struct LoopbackTests {
    @Test func messagesGoBothWaysOnADataChannel() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_reliable")
            try await pair.offerer.send(Array("hello".utf8), on: "_reliable")
            try await pair.negotiate()
            try await pair.offererLog.reach(.connected)
            let first = try await pair.answererLog.nextMessage(on: "_reliable")
            #expect(first == Array("hello".utf8))
            try await pair.answerer.send(Array("echo".utf8), on: "_reliable", isBinary: false)
            let second = try await pair.offererLog.nextMessage(on: "_reliable")
            #expect(second == Array("echo".utf8))
        }
    }

    @Test func closingTellsTheOtherSide() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_reliable")
            try await pair.negotiate()
            try await pair.answererLog.reach(.connected)
            try await pair.offererLog.reach(.connected)
            await pair.offerer.close()
            try await pair.answererLog.reach(.closed)
        }
    }

    @Test func aStrangersCertificateFailsTheConnection() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_reliable")
            var offer = try SessionDescription(parsing: await pair.offerer.createOffer())
            let stranger = try #require(Fingerprint(algorithm: .sha256, bytes: Array(0..<32)))
            offer.media[0].parameters.fingerprints = [stranger]
            let answer = try await pair.answerer.acceptOffer(offer.string)
            try await pair.offerer.acceptAnswer(answer)
            try await pair.answererLog.reach(.failed)
        }
    }

    @Test func aChannelOpenedLaterWorksInTheSameConnection() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_reliable")
            try await pair.negotiate()
            try await pair.offererLog.reach(.connected)
            await pair.answerer.openDataChannel("_lossy", isOrdered: false, maximumRetransmits: 0)
            try await pair.answerer.send([9], on: "_lossy")
            #expect(try await pair.offererLog.nextMessage(on: "_lossy") == [9])
        }
    }

    @Test func messagesThatCannotGoAreRefused() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await #expect(throws: PeerConnectionError.noDataChannel(label: "none")) {
                try await pair.offerer.send([1], on: "none")
            }
            await pair.offerer.openDataChannel("_reliable")
            await #expect(throws: PeerConnectionError.messageTooLong(limit: 65_536)) {
                try await pair.offerer.send(Array(repeating: 0, count: 65_537), on: "_reliable")
            }
        }
    }

    @Test func anICERestartKeepsTheDataChannel() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_reliable")
            try await pair.negotiate()
            try await pair.offererLog.reach(.connected)
            try await pair.negotiate(iceRestart: true)
            for number in UInt8(0)..<20 {
                try await pair.offerer.send([number], on: "_reliable")
                #expect(try await pair.answererLog.nextMessage(on: "_reliable") == [number])
            }
        }
    }
}

extension EventLog {
    func nextMessage(on channel: String) async throws -> [UInt8] {
        try await next { event -> [UInt8]? in
            guard case .data(channel, let bytes, _) = event else { return nil }
            return bytes
        }
    }
}
