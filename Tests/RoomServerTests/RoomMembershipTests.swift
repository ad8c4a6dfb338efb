import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomServer

@Suite("Joining and leaving a room")
struct RoomMembershipTests {
    @Test("a newcomer is greeted with itself and everybody who is there")
    func greets() throws {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let greeting = room.inbox(of: bert)
        guard case .join(let join) = try #require(greeting.first) else {
            Issue.record("the first message is not a greeting")
            return
        }
        #expect(join.participant.sid == bert.text)
        #expect(join.participant.sid.hasPrefix("PA_"))
        #expect(join.room.sid.hasPrefix("RM_"))
        #expect(join.otherParticipants.map(\.sid) == [anna.text])
        #expect(join.pingInterval > 0 && join.pingTimeout > 0)
    }

    @Test("everybody gets a token right after the greeting")
    func renewsToken() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        #expect(room.actions.contains { if case .refreshToken(anna) = $0 { true } else { false } })
    }

    @Test("others learn of a newcomer when its connection is up")
    func announcesActive() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        let beforeActive = room.updates(to: anna)
        #expect(beforeActive.isEmpty)
        room.state.becameActive(bert, at: room.now)
        room.settle()
        let seen = room.updates(to: anna)
        #expect(seen.map(\.sid) == [bert.text])
        #expect(seen.first?.state == .active)
        #expect(seen.first?.version == 2)
    }

    @Test("hidden participants are not announced, but see the others")
    func hidesHidden() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let ghost = room.join("ghost") { $0.hidden = true }
        room.state.becameActive(ghost, at: room.now)
        room.state.becameActive(anna, at: room.now)
        room.settle()
        let seenByAnna = room.updates(to: anna)
        #expect(seenByAnna.allSatisfy { $0.sid == anna.text })
        let seenByGhost = room.updates(to: ghost)
        #expect(seenByGhost.contains { $0.sid == anna.text })
        room.receive(.leave(Livekit_LeaveRequest()), from: ghost)
        let afterLeaving = room.updates(to: anna)
        #expect(afterLeaving.isEmpty)
    }

    @Test("the same identity again ends the older session")
    func replacesDuplicate() throws {
        var room = RoomUnderTest()
        let first = room.join("anna")
        let bert = room.join("bert")
        _ = room.inbox(of: first)
        _ = room.inbox(of: bert)
        let second = room.join("anna")
        let farewell = room.inbox(of: first)
        guard case .leave(let leave) = try #require(farewell.first) else {
            Issue.record("the older session was not told to leave")
            return
        }
        #expect(leave.reason == .duplicateIdentity)
        #expect(leave.action == .disconnect)
        #expect(room.state.members.map(\.sid) == [bert, second])
        let seenByBert = room.updates(to: bert)
        #expect(!seenByBert.contains { $0.state == .disconnected })
    }

    @Test("others are told who left and why")
    func announcesLeaving() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        let bert = room.join("bert")
        _ = room.inbox(of: anna)
        var leave = Livekit_LeaveRequest()
        leave.reason = .userUnavailable
        room.receive(.leave(leave), from: bert)
        let seen = room.updates(to: anna).last
        #expect(seen?.state == .disconnected)
        #expect(seen?.disconnectReason == .userUnavailable)
        #expect(room.state.members.map(\.sid) == [anna])
    }

    @Test("whoever does not become active within a minute is sent away")
    func limitsJoining() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        room.run(for: .seconds(59))
        #expect(room.state.member(anna) != nil)
        room.run(for: .seconds(1))
        #expect(room.state.member(anna) == nil)
        let farewell = room.inbox(of: anna)
        #expect(
            farewell.contains {
                if case .leave(let leave) = $0 { leave.reason == .joinFailure } else { false }
            })
    }

    @Test("a client that closes its connection and then leaves is not told to reconnect")
    func waitsForLeave() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        room.state.becameActive(anna, at: room.now)
        room.state.lostConnection(anna, at: room.now)
        room.run(for: .milliseconds(1_900))
        room.settle()
        _ = room.inbox(of: anna)
        room.receive(.leave(Livekit_LeaveRequest()), from: anna)
        let afterLeave = room.inbox(of: anna)
        #expect(afterLeave.isEmpty)
    }

    @Test("a client whose connection broke is told to reconnect")
    func reconnectsBroken() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        room.state.becameActive(anna, at: room.now)
        room.state.lostConnection(anna, at: room.now)
        room.run(for: .seconds(2))
        let farewell = room.inbox(of: anna)
        #expect(
            farewell.contains { if case .leave(let leave) = $0 { leave.action == .reconnect } else { false } }
        )
        #expect(room.state.isEmpty)
    }

    @Test("everybody gets a new token every five minutes")
    func renewsTokenRegularly() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        room.state.becameActive(anna, at: room.now)
        room.actions = []
        room.run(for: .seconds(600))
        #expect(room.actions.count { if case .refreshToken = $0 { true } else { false } } == 2)
    }

    @Test("both forms of ping are answered")
    func answersPings() {
        var room = RoomUnderTest()
        let anna = room.join("anna")
        _ = room.inbox(of: anna)
        room.now = MonotonicTime(microseconds: 5_000_000)
        var ping = Livekit_Ping()
        ping.timestamp = 77
        room.receive(.pingReq(ping), from: anna)
        room.receive(.ping(5), from: anna)
        var pong = Livekit_Pong()
        pong.lastPingTimestamp = 77
        pong.timestamp = 1_005_000
        #expect(room.inbox(of: anna) == [.pongResp(pong), .pong(1_005_000)])
    }
}
