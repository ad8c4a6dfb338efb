import Foundation
import LiveKitProtocol
import Logging
import SwiftProtobuf
import Testing
import WebSocket

@testable import RoomKit

@Suite("SignalClient", .timeLimit(.minutes(1)))
struct SignalClientTests {
    private let join = Livekit_JoinResponse.with {
        ($0.pingInterval, $0.pingTimeout) = (5, 15)
        $0.room.name = "kitchen"
        $0.participant.sid = "PA_1"
    }

    private func client(_ network: ScriptedNetwork) -> SignalClient {
        SignalClient(logger: Logger(label: "test"), network: network)
    }

    private func options(token: String = "first") -> SignalOptions {
        SignalOptions(url: "ws://host", token: token)
    }

    /// What connecting fails with when the socket is refused.
    private func failure(
        _ answers: [ScriptedNetwork.Answer], validation: Result<HTTPResponse, WebSocketError>? = nil,
        token: String = "first"
    ) async throws -> (error: SignalError?, visits: [String]) {
        let network = ScriptedNetwork(answers, validation: validation ?? .failure(.unknownHost("none")))
        do throws(SignalError) {
            _ = try await client(network).connect(options(token: token))
            return (nil, await network.visits)
        } catch {
            return (error, await network.visits)
        }
    }

    @Test("joining uses one peer connection and the token in a header")
    func joins() async throws {
        let socket = ScriptedSocket()
        let network = ScriptedNetwork([.socket(socket)])
        let client = client(network)
        try socket.deliver(.join(join))
        let joined = try await client.connect(options())
        #expect(joined.isSinglePeerConnection)
        #expect(joined.join == join)
        #expect(await network.visits == ["/rtc/v1 Bearer first"])
    }

    @Test("a server that does not know the newer path is asked on the older one")
    func fallsBack() async throws {
        let socket = ScriptedSocket()
        let network = ScriptedNetwork([
            .failure(.upgradeRefused(status: 404, body: "404 page not found")), .socket(socket),
        ])
        try socket.deliver(.join(join))
        let joined = try await client(network).connect(options())
        #expect(!joined.isSinglePeerConnection)
        #expect(await network.visits == ["/rtc/v1 Bearer first", "/rtc Bearer first"])
    }

    @Test("neither path is there: it is not a LiveKit server")
    func notAServer() async throws {
        let refusal = ScriptedNetwork.Answer.failure(.upgradeRefused(status: 404, body: "nothing here"))
        let (error, visits) = try await failure([refusal, refusal])
        #expect(error == .notAServer("nothing here"))
        #expect(visits.count == 2)
    }

    static let refusals: [(Int, String, SignalError)] = [
        (401, "invalid token: xyz", .tokenInvalid("invalid token: xyz")),
        (401, "token is expired (exp)", .tokenExpired),
        (401, "permissions denied", .notPermitted("permissions denied")),
        (403, "no", .notPermitted("no")),
        (404, "requested room does not exist", .roomNotFound),
        (400, "no room name", .refused(status: 400, reason: "no room name")),
        (503, "no node", .refused(status: 503, reason: "no node")),
    ]

    @Test("a refusal is sorted by its status and text, without asking again", arguments: refusals)
    func refused(status: Int, body: String, expected: SignalError) async throws {
        let (error, visits) = try await failure(
            [.failure(.upgradeRefused(status: status, body: body))], token: "not.a.token")
        #expect(error == expected)
        #expect(visits.count == 1)
    }

    @Test("a refusal without words, and a hang-up, are explained by asking")
    func validates() async throws {
        let answer = HTTPResponse(
            head: HTTPResponseHead(status: 401), body: Array("invalid API key: abc\n".utf8))
        for cause in [
            WebSocketError.upgradeRefused(status: 401, body: ""), .connectionLost("x"), .invalidResponse("y"),
        ] {
            let (error, visits) = try await failure([.failure(cause)], validation: .success(answer))
            #expect(error == .tokenInvalid("invalid API key: abc"))
            #expect(visits == ["/rtc/v1 Bearer first", "/rtc/v1/validate Bearer first"])
        }
        let fine = HTTPResponse(head: HTTPResponseHead(status: 200), body: Array("success".utf8))
        let (error, _) = try await failure([.failure(.connectionLost("x"))], validation: .success(fine))
        #expect(error == SignalError(WebSocketError.connectionLost("x")))
    }

    @Test("a token that is merely too old is said to be that, whatever the server says")
    func expiredToken() async throws {
        let token = AccessToken(apiKey: "k", identity: "i", at: Date(timeIntervalSince1970: 0)).signed(
            with: "s")
        let (error, _) = try await failure(
            [.failure(.upgradeRefused(status: 401, body: "invalid token"))], token: token)
        #expect(error == .tokenExpired)
    }

    @Test("failures of the network keep their sentence, and are not asked about")
    func unreachable() async throws {
        for cause in [WebSocketError.refused("host:80"), .unknownHost("host"), .timedOut("host:80")] {
            let (error, visits) = try await failure([.failure(cause)])
            #expect(error?.description == cause.description)
            #expect(error?.isWorthRetrying == true)
            #expect(visits.count == 1)
        }
        let (error, _) = try await failure([.failure(.certificateExpired(host: "host"))])
        #expect(error == .tlsFailed(WebSocketError.certificateExpired(host: "host").description))
    }

    @Test("events arrive in order; the end of the socket is the last")
    func events() async throws {
        let socket = ScriptedSocket()
        let client = client(ScriptedNetwork([.socket(socket)]))
        try socket.deliver(.join(join))
        try socket.deliver(.refreshToken("second"))
        try socket.deliver(.trackUnpublished(.with { $0.trackSid = "TR_1" }))
        _ = try await client.connect(options())
        await client.send(.mute(.with { $0.sid = "TR_2" }))
        socket.hangUp()
        var seen: [String] = []
        for await event in client.events {
            switch event {
            case .tokenRefreshed(let token): seen.append(token)
            case .message(.trackUnpublished(let message)): seen.append(message.trackSid)
            case .message: seen.append("something else")
            case .lost(let error): seen.append(error.description)
            }
        }
        #expect(seen == ["second", "TR_1", "The server closed the connection."])
        #expect(await client.token == "second")
        #expect(await socket.sent.contains { $0.mute.sid == "TR_2" })
        #expect(await socket.isClosed)
    }

    @Test("leaving tells the server, closes, and ends the events of another task")
    func leaves() async throws {
        let socket = ScriptedSocket()
        let client = client(ScriptedNetwork([.socket(socket)]))
        try socket.deliver(.join(join))
        _ = try await client.connect(options())
        async let events = client.events.reduce(into: 0) { count, _ in count += 1 }
        await client.leave()
        #expect(await events == 0)
        #expect(await socket.sent.last?.leave.action == .disconnect)
        #expect(await socket.isClosed)
    }

    @Test("a leave of the server instead of a join is an error, and closes")
    func refusedByLeave() async throws {
        let socket = ScriptedSocket()
        try socket.deliver(.leave(.with { $0.reason = .duplicateIdentity }))
        let (error, _) = try await failure([.socket(socket)])
        #expect(error == .left(.duplicateIdentity, action: .disconnect))
        #expect(await socket.isClosed)
    }

    @Test("resuming uses the newest token and the same path, and sends the state first")
    func resumes() async throws {
        let (first, second) = (ScriptedSocket(), ScriptedSocket())
        let network = ScriptedNetwork([.socket(first), .socket(second)])
        let client = client(network)
        try first.deliver(.join(join))
        try first.deliver(.refreshToken("second"))
        first.hangUp()
        _ = try await client.connect(options())
        for await _ in client.events {}
        await client.send(.mute(.with { $0.sid = "TR_2" }))

        try second.deliver(.reconnect(.with { $0.lastMessageSeq = 9 }))
        let response = try await client.resume(
            reason: .rrSignalDisconnected, known: .with { $0.trackSidsDisabled = ["TR_1"] })
        #expect(response?.lastMessageSeq == 9)
        #expect(await network.visits == ["/rtc/v1 Bearer first", "/rtc/v1 Bearer second"])
        let sent = await second.sent
        #expect(sent.first?.syncState.trackSidsDisabled == ["TR_1"])
        #expect(sent.dropFirst().first?.mute.sid == "TR_2")
    }

    @Test("a server that refuses to resume says whether to join anew")
    func resumeRefused() async throws {
        let (first, second) = (ScriptedSocket(), ScriptedSocket())
        let client = client(ScriptedNetwork([.socket(first), .socket(second)]))
        try first.deliver(.join(join))
        first.hangUp()
        _ = try await client.connect(options())
        for await _ in client.events {}
        try second.deliver(.leave(.with { ($0.reason, $0.action) = (.stateMismatch, .reconnect) }))
        await #expect(throws: SignalError.left(.stateMismatch, action: .reconnect)) {
            try await client.resume(reason: .rrUnknown, known: Livekit_SyncState())
        }
        #expect(await second.isClosed)
    }

    @Test("cancelling an attempt ends it and closes the socket")
    func cancelled() async throws {
        let socket = ScriptedSocket()
        let client = client(ScriptedNetwork([.socket(socket)]))
        let attempt = Task { try await client.connect(options()) }
        attempt.cancel()
        guard case .failure(let error) = await attempt.result else {
            Issue.record("joined without a join")
            return
        }
        #expect(error as? SignalError == .cancelled)
        #expect(await socket.isClosed)
    }
}
