import Foundation
import TestSupport
import Testing
import WebSocket

@Suite("WebSocketConnection", .serialized, .timeLimit(.minutes(1)))
struct WebSocketConnectionTests {
    private func connect(
        _ server: TestServer, _ path: String = "/echo", headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(5)
    ) async throws -> WebSocketConnection {
        let url = try #require(URL(string: "ws://127.0.0.1:\(server.port)\(path)"))
        return try await WebSocketConnection.connect(to: url, headers: headers, timeout: timeout)
    }

    private func error(_ operation: () async throws -> Void) async -> WebSocketError? {
        do {
            try await operation()
            return nil
        } catch {
            return error as? WebSocketError
        }
    }

    @Test(
        "messages of all sizes go there and come back", arguments: [0, 1, 125, 126, 65_535, 65_536, 1 << 20])
    func echo(count: Int) async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            // NIO's server takes frames of 16 KiB at most unless told otherwise, so large ones are
            // not sent back.
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            try await connection.send(bytes)
            if count <= 1 << 14 { #expect(try await connection.nextMessage() == .binary(bytes)) }
            await connection.close()
        }
    }

    @Test("header fields arrive, and texts do")
    func headers() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server, headers: ["Authorization": "Bearer abc"])
            try await connection.send(.text("who"))
            #expect(try await connection.nextMessage() == .text("Bearer abc"))
            await connection.close()
        }
    }

    @Test("pings are answered while a message is waited for")
    func pings() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            try await connection.send(.text("ping"))
            #expect(try await connection.nextMessage() == .text("pong are you there"))
            try await connection.ping()
            try await connection.send(.text("fragments"))
            let iterator = connection.messages.makeAsyncIterator()
            #expect(try await iterator.next() == .text("in two"))
            #expect(try await iterator.next() == .text("pong between"))
            await connection.close()
        }
    }

    @Test("a close of the server ends the messages, with its code")
    func serverCloses() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            try await connection.send(.text("close"))
            #expect(try await connection.nextMessage() == nil)
            #expect(await connection.serverClose == WebSocketClose(code: 4001, reason: "bye"))
            #expect(await error { try await connection.send([1]) } == .closed)
        }
    }

    @Test("a server that hangs up, or lies, is an error")
    func endings() async throws {
        try await TestServer.run { server in
            let dropped = try await connect(server)
            try await dropped.send(.text("drop"))
            guard case .connectionLost? = await error({ _ = try await dropped.nextMessage() }) else {
                Issue.record("a dropped connection is not an error")
                return
            }
            let lying = try await connect(server)
            try await lying.send(.text("lie"))
            guard case .protocolViolation(let violation)? = await error({ _ = try await lying.nextMessage() })
            else {
                Issue.record("broken UTF-8 is not an error")
                return
            }
            #expect(violation.code == 1007)
        }
    }

    @Test("closing ends the wait of another task")
    func closeWhileReading() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            async let message = connection.nextMessage()
            try await connection.send(.text("ping"))
            #expect(try await message == .text("pong are you there"))
            async let end = connection.nextMessage()
            await connection.close()
            #expect(try await end == nil)
        }
    }

    @Test("closing and a wait that begins at the same time do not disturb each other")
    func closeBesideReading() async throws {
        try await TestServer.run { server in
            for _ in 0..<100 {
                let connection = try await connect(server)
                async let closing: Void = connection.close()
                async let end = connection.nextMessage()
                #expect(try await end == nil)
                await closing
            }
        }
    }

    @Test("a cancelled wait leaves the connection usable")
    func cancelledRead() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            let waiting = Task { try await connection.nextMessage() }
            await Task.yield()
            waiting.cancel()
            guard case .failure(let error) = await waiting.result else {
                Issue.record("the wait was not cancelled")
                return
            }
            #expect(error as? WebSocketError == .cancelled)
            try await connection.send([1, 2])
            #expect(try await connection.nextMessage() == .binary([1, 2]))
            await connection.close()
        }
    }

    @Test("many senders at once lose nothing and mix nothing")
    func concurrentSenders() async throws {
        try await TestServer.run { server in
            let connection = try await connect(server)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        try await connection.send([UInt8](repeating: UInt8(index), count: 1 + index * 50))
                    }
                }
                try await group.waitForAll()
            }
            var seen: Set<UInt8> = []
            while seen.count < 100, case .binary(let bytes)? = try await connection.nextMessage() {
                let first = try #require(bytes.first)
                #expect(bytes == [UInt8](repeating: first, count: 1 + Int(first) * 50))
                seen.insert(first)
            }
            #expect(seen.count == 100)
            await connection.close()
        }
    }

    @Test(
        "another status than 101 is refused with the server's text, a redirect too",
        arguments: [302, 401, 404, 503])
    func refused(status: Int) async throws {
        try await TestServer.run { server in
            let error = await error { _ = try await connect(server, "/refuse/\(status)") }
            #expect(error == .upgradeRefused(status: status, body: "no, \(status)"))
            #expect(error?.description.contains("\(status)") == true)
        }
    }

    @Test("a server that hangs up or never answers the handshake is an error within the limit")
    func noAnswer() async throws {
        try await TestServer.run { server in
            guard case .invalidResponse? = await error({ _ = try await connect(server, "/hangup") }) else {
                Issue.record("no error")
                return
            }
            let start = ContinuousClock.now
            let timeout = await error { _ = try await connect(server, "/never", timeout: .milliseconds(200)) }
            #expect(timeout == .timedOut("127.0.0.1:\(server.port)"))
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("a port nobody listens on, and a name nobody has, are said to be that")
    func unreachable() async throws {
        let port = try unusedPort()
        let url = try #require(URL(string: "ws://localhost:\(port)/"))
        let refused = await error { _ = try await WebSocketConnection.connect(to: url, timeout: .seconds(5)) }
        #expect(refused == .refused("localhost:\(port)"))
        let nowhere = try #require(URL(string: "ws://no-such-host.invalid/"))
        let unknown = await error {
            _ = try await WebSocketConnection.connect(to: nowhere, timeout: .seconds(20))
        }
        #expect(unknown == .unknownHost("no-such-host.invalid"))
    }

    @Test("a name with several addresses is tried until one answers")
    func severalAddresses() async throws {
        try await TestServer.run { server in
            // localhost is ::1 too, where this server does not listen.
            let url = try #require(URL(string: "ws://localhost:\(server.port)/echo"))
            let connection = try await WebSocketConnection.connect(to: url, timeout: .seconds(5))
            await connection.close()
        }
    }

    @Test(
        "a plain request gets its answer: counted, in chunks, refused",
        arguments: ["/any?x=1", "/chunked", "/refuse/401"])
    func plainRequest(path: String) async throws {
        try await TestServer.run { server in
            let url = try #require(URL(string: "http://127.0.0.1:\(server.port)\(path)"))
            let response = try await HTTPRequest.get(url, timeout: .seconds(5))
            #expect(response.head.status == (path.hasPrefix("/refuse") ? 401 : 200))
            #expect(response.text == (path.hasPrefix("/refuse") ? "no, 401" : "GET \(path)"))
        }
    }
}
