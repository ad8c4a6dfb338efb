import MediaCore
import Testing

@testable import PeerConnection

struct PathWatchTests {
    @Test func silenceWhileSendingBreaksThePath() {
        var watch = PathWatch(limit: .seconds(5))
        for second in 0...5 {
            watch.sent(at: .zero + .seconds(second))
            #expect(!watch.isSilent(at: .zero + .seconds(second)))
        }
        watch.sent(at: .zero + .seconds(6))
        #expect(watch.isSilent(at: .zero + .seconds(6)))
        watch.received(at: .zero + .seconds(7))
        #expect(!watch.isSilent(at: .zero + .seconds(7)))
    }

    @Test func silenceWithoutSendingMeansNothing() {
        var watch = PathWatch(limit: .seconds(5))
        watch.sent(at: .zero)
        #expect(!watch.isSilent(at: .zero + .seconds(60)))
        watch.sent(at: .zero + .seconds(60))
        #expect(!watch.isSilent(at: .zero + .seconds(60)))
    }
}

struct RemoteCandidateQueueTests {
    @Test func candidatesWaitForTheirDescription() throws {
        var queue = RemoteCandidateQueue()
        #expect(queue.receive(try candidate("one")) == nil)
        #expect(queue.receive(try candidate("two")) == nil)
        #expect(queue.begin("one").map(\.usernameFragment) == ["one"])
        #expect(queue.begin("two").map(\.usernameFragment) == ["two"])
    }

    @Test func candidatesOfAFormerGenerationAreDropped() throws {
        var queue = RemoteCandidateQueue()
        _ = queue.begin("one")
        _ = queue.begin("two")
        #expect(queue.receive(try candidate("one")) == nil)
        #expect(queue.begin("one").isEmpty)
    }

    @Test func candidatesWithoutAGenerationBelongToTheCurrentOne() throws {
        var queue = RemoteCandidateQueue()
        _ = queue.begin("one")
        #expect(queue.receive(try candidate(nil)) != nil)
    }

    @Test func aFloodIsCut() throws {
        var queue = RemoteCandidateQueue()
        for _ in 0..<1_000 { _ = queue.receive(try candidate("one")) }
        #expect(queue.begin("one").count == 128)
        #expect(queue.receive(try candidate("one")) == nil)
    }

    private func candidate(_ username: String?) throws -> ICECandidate {
        let line =
            "candidate:1 1 udp 2122194687 192.0.2.2 36905 typ host" + (username.map { " ufrag \($0)" } ?? "")
        return try #require(ICECandidate(line))
    }
}
