import Foundation
import LiveKitProtocol
import MediaCore
import SwiftProtobuf
import TestSupport
import Testing

@testable import RoomKit

@Suite("SignalSession")
struct SignalSessionTests {
    /// A session together with what it said, as short texts.
    private struct Harness {
        var session = SignalSession(token: "first", unixOffset: .seconds(1_700_000_000))
        var sent: [Livekit_SignalRequest] = []

        mutating func drain() -> [String] {
            var said: [String] = []
            while let output = session.nextOutput() {
                switch output {
                case .transmit(let request):
                    sent.append(request)
                    said.append("send \(name(of: request.message))")
                case .joined(let join): said.append("joined \(join.room.name)")
                case .resumed(let response):
                    said.append("resumed \(response == nil ? "silently" : "with a response")")
                case .event(.message(let message)): said.append(name(of: message))
                case .event(.tokenRefreshed(let token)): said.append("token \(token)")
                case .event(.lost(let error)): said.append("lost \(error)")
                case .refused(let error): said.append("refused \(error)")
                case .close: said.append("close")
                }
            }
            return said
        }

        mutating func receive(_ message: Livekit_SignalResponse.OneOf_Message, _ now: MonotonicTime) throws
            -> [String]
        {
            session.receive(try Livekit_SignalResponse.bytes(message), at: now)
            return drain()
        }

        mutating func advance(_ now: MonotonicTime) -> [String] {
            session.advance(to: now)
            return drain()
        }

        /// An open session with pings every 5 s and a timeout of 15 s; its first ping is out.
        static func open(at now: MonotonicTime = .zero) throws -> Harness {
            var harness = Harness()
            harness.session.open(.join, at: now)
            _ = try harness.receive(
                .join(Livekit_JoinResponse.with { ($0.pingInterval, $0.pingTimeout) = (5, 15) }), now)
            _ = harness.advance(now)
            return harness
        }

        private func name(of message: (any Equatable)?) -> String {
            message.flatMap { Mirror(reflecting: $0).children.first?.label } ?? "nothing"
        }
    }

    private func at(_ seconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(seconds * 1_000_000_000))
    }

    @Test(
        "a recorded session is understood from the first message to the last",
        arguments: ["signal-single", "signal-dual"])
    func traces(name: String) throws {
        let trace = try SignalTrace(name)
        var harness = Harness()
        harness.session.open(.join, at: .zero)
        var said: [String] = []
        for entry in trace.entries {
            harness.session.receive(Array(entry.bytes), at: entry.time)
            said += harness.drain()
        }
        #expect(harness.session.malformedCount == 0)
        #expect(said.first?.hasPrefix("joined rec-") == true)
        let expected = trace.entries.map(\.type).filter { $0 != "join" && $0 != "pong_resp" }.map(camelCase)
        #expect(said.dropFirst().filter { $0 != "send ping" && $0 != "send pingReq" } == expected)
    }

    private func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return String(words[0])
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    @Test("pings go out in both forms at once and then every interval, with the last round trip")
    func pings() throws {
        var harness = Harness()
        harness.session.open(.join, at: at(100))
        let join = Livekit_JoinResponse.with { ($0.pingInterval, $0.pingTimeout) = (5, 15) }
        #expect(try harness.receive(.join(join), at(100)) == ["joined "])
        #expect(harness.session.nextDeadline == Deadline(at(100), .ping))
        #expect(harness.advance(at(100)) == ["send ping", "send pingReq"])
        #expect(harness.sent[0].ping == 1_700_000_100_000)
        #expect(harness.sent[1].pingReq == Livekit_Ping.with { $0.timestamp = 1_700_000_100_000 })

        let stranger = Livekit_Pong.with { $0.lastPingTimestamp = 1_700_000_099_000 }
        _ = try harness.receive(.pongResp(stranger), at(100.01))
        #expect(harness.session.roundTripTime == nil)
        let pong = Livekit_Pong.with { $0.lastPingTimestamp = 1_700_000_100_000 }
        #expect(try harness.receive(.pongResp(pong), at(100.042)) == [])
        #expect(harness.session.roundTripTime == .milliseconds(42))

        #expect(harness.advance(at(104.9)) == [])
        #expect(harness.session.nextDeadline == Deadline(at(105), .ping))
        #expect(harness.advance(at(105)) == ["send ping", "send pingReq"])
        #expect(harness.sent[3].pingReq.rtt == 42)
    }

    @Test("anything that arrives puts the timeout off; silence loses the connection")
    func silence() throws {
        var harness = try Harness.open()
        _ = harness.advance(at(5))
        #expect(try harness.receive(.pong(1), at(6)) == [])
        _ = harness.advance(at(10))
        _ = harness.advance(at(15))
        _ = harness.advance(at(20))
        #expect(harness.session.nextDeadline == Deadline(at(21), .silence))
        #expect(harness.advance(at(21)) == ["lost \(SignalError.silent)", "close"])
        #expect(harness.session.isFinished)
        #expect(harness.session.nextDeadline == nil)
    }

    @Test(
        "a server that wants no pings gets none and is never timed out",
        arguments: [(0, 15), (-1, -1), (0, 0)])
    func noPings(interval: Int32, timeout: Int32) throws {
        var harness = Harness()
        harness.session.open(.join, at: .zero)
        let join = Livekit_JoinResponse.with { ($0.pingInterval, $0.pingTimeout) = (interval, timeout) }
        _ = try harness.receive(.join(join), at(1))
        #expect(harness.session.nextDeadline == nil)
        #expect(harness.advance(at(1000)) == [])
    }

    @Test("no first message within five seconds is a refusal")
    func openingTimeout() {
        var harness = Harness()
        harness.session.open(.join, at: at(3))
        #expect(harness.session.nextDeadline == Deadline(at(8), .join))
        #expect(harness.advance(at(7.9)) == [])
        #expect(harness.advance(at(8)).map { $0.prefix(7) } == ["refused", "close"])
    }

    @Test("a leave instead of a join is a refusal with its reason")
    func leaveInsteadOfJoin() throws {
        var harness = Harness()
        harness.session.open(.join, at: .zero)
        let leave = Livekit_LeaveRequest.with { ($0.reason, $0.action) = (.joinFailure, .disconnect) }
        let error = SignalError.left(.joinFailure, action: .disconnect)
        #expect(try harness.receive(.leave(leave), .zero) == ["refused \(error)", "close"])
    }

    @Test("what arrives before the join follows it")
    func early() throws {
        var harness = Harness()
        harness.session.open(.join, at: .zero)
        #expect(try harness.receive(.update(Livekit_ParticipantUpdate()), .zero) == [])
        #expect(try harness.receive(.join(Livekit_JoinResponse()), .zero) == ["joined ", "update"])
    }

    @Test("newer tokens are remembered and told")
    func tokens() throws {
        var harness = try Harness.open()
        #expect(try harness.receive(.refreshToken("second"), .zero) == ["token second"])
        #expect(harness.session.token == "second")
        #expect(try harness.receive(.refreshToken(""), .zero) == [])
        let moved = Livekit_RoomMovedResponse.with { $0.token = "third" }
        #expect(try harness.receive(.roomMoved(moved), .zero) == ["roomMoved"])
        #expect(harness.session.token == "third")
    }

    @Test("a leave of the server ends the session, and the end of the socket is no news then")
    func leaveByServer() throws {
        for action in [Livekit_LeaveRequest.Action.disconnect, .resume, .reconnect] {
            var harness = try Harness.open()
            #expect(try harness.receive(.leave(.with { $0.action = action }), .zero) == ["leave", "close"])
            harness.session.lose(.connectionLost("gone"))
            #expect(harness.drain() == [])
            #expect(harness.session.isFinished)
        }
    }

    @Test("leaving says so first, once, and sends nothing afterwards")
    func leave() throws {
        var harness = try Harness.open()
        harness.session.leave()
        harness.session.send(.mute(Livekit_MuteTrackRequest()))
        #expect(harness.drain() == ["send leave", "close"])
        #expect(harness.sent.last?.leave.reason == .clientInitiated)
        #expect(harness.sent.last?.leave.action == .disconnect)
        #expect(try harness.receive(.update(Livekit_ParticipantUpdate()), .zero) == [])
    }

    @Test("a lost session is told once, and goes on with its state first and then what waited")
    func resume() throws {
        var harness = try Harness.open()
        harness.session.lose(.connectionLost("cut"))
        harness.session.lose(.connectionLost("again"))
        #expect(harness.drain() == ["lost cut"])
        harness.session.send(.mute(Livekit_MuteTrackRequest()))
        let known = Livekit_SyncState.with { $0.trackSidsDisabled = ["TR_1"] }
        harness.session.open(.resume(known), at: at(30))
        harness.session.send(.trackSetting(Livekit_UpdateTrackSettings()))
        #expect(harness.drain() == [])
        let reconnect = Livekit_ReconnectResponse.with { $0.lastMessageSeq = 7 }
        #expect(
            try harness.receive(.reconnect(reconnect), at(31))
                == ["send syncState", "resumed with a response", "send mute", "send trackSetting"])
        #expect(harness.session.nextDeadline == Deadline(at(31), .ping))
    }

    @Test("any message but a leave means that an older server resumes")
    func silentResume() throws {
        var harness = try Harness.open()
        harness.session.lose(.silent)
        _ = harness.drain()
        harness.session.open(.resume(Livekit_SyncState()), at: at(1))
        #expect(
            try harness.receive(.update(Livekit_ParticipantUpdate()), at(1))
                == ["send syncState", "resumed silently", "update"])
        harness.session.lose(.silent)
        _ = harness.drain()
        harness.session.open(.resume(Livekit_SyncState()), at: at(2))
        let refusal = Livekit_LeaveRequest.with { ($0.reason, $0.action) = (.stateMismatch, .reconnect) }
        let error = SignalError.left(.stateMismatch, action: .reconnect)
        #expect(try harness.receive(.leave(refusal), at(2)) == ["refused \(error)", "close"])
    }

    @Test("the queue of a lost session keeps the newest 256 requests")
    func queueLimit() throws {
        var harness = try Harness.open()
        harness.session.lose(.silent)
        for index in 0..<300 {
            harness.session.send(.mute(.with { $0.sid = String(index) }))
        }
        harness.session.open(.resume(Livekit_SyncState()), at: .zero)
        harness.sent = []
        _ = try harness.receive(.reconnect(Livekit_ReconnectResponse()), .zero)
        #expect(harness.sent.dropFirst().map(\.mute.sid) == (44..<300).map(String.init))
    }

    @Test("10,000 damaged messages are dropped or understood, and never trap")
    func mutations() throws {
        var generator = SeededGenerator(seed: 17)
        let entries = try SignalTrace("signal-single").entries
        var harness = try Harness.open()
        for index in 0..<10_000 {
            let original = Array(entries.randomElement(using: &generator)?.bytes ?? Data())
            let bytes = original.damaged(using: &generator)
            harness.session.receive(bytes, at: at(Double(index)))
            _ = harness.advance(at(Double(index)))
            _ = harness.drain()
            if harness.session.isFinished { harness = try .open(at: at(Double(index))) }
        }
    }
}
