import MediaCore
import TestSupport
import Testing

@testable import WebSocket

@Suite("HTTPResponseParser")
struct HTTPResponseParserTests {
    private func parse(_ text: String, bodyLimit: Int = 1000, ends: Bool = false, step: Int? = nil) throws
        -> HTTPResponseParser
    {
        var parser = HTTPResponseParser(bodyLimit: bodyLimit)
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: step ?? bytes.count) {
            try parser.receive(bytes[start..<min(bytes.count, start + (step ?? bytes.count))])
        }
        if ends { try parser.receiveEnd() }
        return parser
    }

    @Test("a counted content ends where it should, cut anywhere", arguments: [1, 2, 3, 7, 1000])
    func counted(step: Int) throws {
        let parser = try parse(
            "HTTP/1.1 401 Unauthorized\r\ncontent-LENGTH:  5 \r\nX: a\r\nX: b\r\n\r\nhellorest", step: step)
        #expect(parser.isComplete)
        #expect(parser.response?.head.status == 401)
        #expect(parser.response?.text == "hello")
        #expect(parser.response?.head.headers["x"] == "a, b")
        #expect(parser.rest == Array("rest".utf8))
    }

    @Test("chunks are put together, cut anywhere", arguments: [1, 2, 5, 1000])
    func chunked(step: Int) throws {
        let parser = try parse(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
            step: step)
        #expect(parser.isComplete)
        #expect(parser.response?.text == "abc0123456789")
    }

    @Test("a content without a length ends with the connection")
    func untilClose() throws {
        let text = "HTTP/1.0 503\r\n\r\nno node"
        #expect(try !parse(text).isComplete)
        #expect(try parse(text, ends: true).response?.text == "no node")
    }

    @Test("interim answers are passed over, and line feeds alone end lines")
    func interim() throws {
        let parser = try parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\nA: b\n\n")
        #expect(parser.isComplete)
        #expect(parser.head?.status == 204)
    }

    @Test("no more content is kept than asked for")
    func limit() throws {
        let parser = try parse("HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n0123456789", bodyLimit: 4)
        #expect(parser.isComplete)
        #expect(parser.response?.text == "0123")
    }

    @Test(
        "nonsense is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/2 200\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 10_000),
        ])
    func nonsense(text: String) {
        #expect(throws: HTTPResponseParser.Fault.self) { try parse(text) }
    }

    @Test("an answer that is cut off is not taken for a whole one")
    func truncated() {
        for text in ["HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"] {
            #expect(throws: HTTPResponseParser.Fault.truncated) { try parse(text, ends: true) }
        }
    }

    @Test("10,000 damaged answers do not trap or hang")
    func mutations() {
        var generator = SeededGenerator(seed: 9112)
        let seeds = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nxx",
        ]
        for _ in 0..<10_000 {
            let original = Array((seeds.randomElement(using: &generator) ?? "").utf8)
            let bytes = original.damaged(using: &generator)
            var parser = HTTPResponseParser(bodyLimit: 100)
            for chunk in bytes.pieces(using: &generator) {
                guard (try? parser.receive(chunk)) != nil else { break }
            }
            try? parser.receiveEnd()
            #expect(parser.body.count <= 100)
        }
    }
}
