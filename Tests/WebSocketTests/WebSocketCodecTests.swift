import MediaCore
import TestSupport
import Testing

@testable import WebSocket

/// Frames as a server sends them: without a mask.
enum ServerFrame {
    static func bytes(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        switch payload.count {
        case ...125: bytes.append(UInt8(payload.count))
        case ...0xFFFF: bytes += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        return bytes + payload
    }

    static func text(_ text: String, isFinal: Bool = true) -> [UInt8] {
        bytes(1, Array(text.utf8), isFinal: isFinal)
    }
}

/// A mask that is the same every time.
struct FixedMask: RandomNumberGenerator {
    var value: UInt32
    mutating func next() -> UInt64 { UInt64(value) << 32 | UInt64(value) }
}

extension WebSocketCodec {
    /// Everything the codec wants done now.
    mutating func drain(mask: UInt32 = 0) -> [Output] {
        var generator = FixedMask(value: mask)
        var outputs: [Output] = []
        while let output = nextOutput(using: &generator) { outputs.append(output) }
        return outputs
    }
}

@Suite("WebSocketCodec")
struct WebSocketCodecTests {
    private let hello = Array("Hello".utf8)

    private func outputs(_ chunks: [[UInt8]], limit: Int = 1 << 20) -> [WebSocketCodec.Output] {
        var codec = WebSocketCodec(messageLimit: limit)
        return chunks.flatMap { chunk in
            codec.receive(chunk)
            return codec.drain()
        }
    }

    @Test("the examples of RFC 6455 §5.7 are read as they are meant")
    func rfcExamples() {
        #expect(outputs([[0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]]) == [.message(.text("Hello"))])
        #expect(
            outputs([[0x01, 0x03, 0x48, 0x65, 0x6C], [0x80, 0x02, 0x6C, 0x6F]]) == [.message(.text("Hello"))])
        #expect(
            outputs([[0x89, 0x05] + hello])
                == [.transmit([0x8A, 0x85, 0, 0, 0, 0] + hello)])
        let medium = [UInt8](repeating: 7, count: 256)
        #expect(outputs([[0x82, 0x7E, 0x01, 0x00] + medium]) == [.message(.binary(medium))])
        let large = [UInt8](repeating: 9, count: 65_536)
        #expect(outputs([[0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + large]) == [.message(.binary(large))])
    }

    @Test("the masked example of RFC 6455 §5.7 is what is sent")
    func masking() {
        var codec = WebSocketCodec()
        codec.send(.text("Hello"))
        let expected: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(codec.drain(mask: 0x37FA_213D) == [.transmit(expected)])
    }

    @Test(
        "lengths are written in their shortest form",
        arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
    func sentLengths(count: Int) throws {
        var codec = WebSocketCodec()
        codec.send(.binary([UInt8](repeating: 3, count: count)))
        guard case .transmit(let bytes)? = codec.drain().first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(bytes.count == count + (count < 126 ? 6 : count < 65_536 ? 8 : 14))
        #expect(bytes[1] & 0x80 != 0)
    }

    @Test("bytes may be cut anywhere: whole, in two at each place, and one by one")
    func cutAnywhere() {
        let stream =
            ServerFrame.text("first") + ServerFrame.bytes(2, [1, 2], isFinal: false)
            + ServerFrame.bytes(9, [42]) + ServerFrame.bytes(0, [3]) + ServerFrame.bytes(10, [])
            + ServerFrame.bytes(2, [UInt8](repeating: 5, count: 300)) + ServerFrame.bytes(8, [0x03, 0xE8])
        let whole = outputs([stream])
        #expect(
            whole == [
                .message(.text("first")), .transmit([0x8A, 0x81, 0, 0, 0, 0, 42]),
                .message(.binary([1, 2, 3])),
                .pong([]), .message(.binary([UInt8](repeating: 5, count: 300))),
                .transmit([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]), .closed(WebSocketClose(code: 1000)),
            ])
        #expect(outputs(stream.map { [$0] }) == whole)
        for cut in stream.indices {
            #expect(outputs([Array(stream[..<cut]), Array(stream[cut...])]) == whole)
        }
    }

    static let violations: [(String, [UInt8], UInt16)] = [
        ("a reserved bit", [0xC1, 0x00], 1002),
        ("an unknown data opcode", [0x83, 0x00], 1002),
        ("an unknown control opcode", [0x8B, 0x00], 1002),
        ("a masked frame", [0x81, 0x80, 0, 0, 0, 0], 1002),
        ("a fragmented ping", [0x09, 0x00], 1002),
        ("a ping of 126 bytes", [0x89, 126, 0, 126], 1002),
        ("a continuation of nothing", [0x80, 0x00], 1002),
        ("a message inside a message", [0x01, 0x00, 0x81, 0x00], 1002),
        ("16 bits for a length below 126", [0x82, 126, 0, 125], 1002),
        ("64 bits for a length below 65536", [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 1002),
        ("a length above 2^63", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002),
        ("text that is no UTF-8", [0x81, 0x02, 0xC3, 0x28], 1007),
        ("a surrogate in UTF-8", [0x81, 0x03, 0xED, 0xA0, 0x80], 1007),
        ("a close frame of one byte", [0x88, 0x01, 0x03], 1002),
        ("close code 1005", [0x88, 0x02, 0x03, 0xED], 1002),
        ("close code 999", [0x88, 0x02, 0x03, 0xE7], 1002),
        ("close code 5000", [0x88, 0x02, 0x13, 0x88], 1002),
        ("a close reason that is no UTF-8", [0x88, 0x03, 0x03, 0xE8, 0xFF], 1007),
    ]

    @Test("a violation ends the connection with the code for it", arguments: violations)
    func violation(name: String, bytes: [UInt8], code: UInt16) {
        let result = outputs([bytes])
        #expect(result.count == 2)
        #expect(result.first == .transmit([0x88, 0x82, 0, 0, 0, 0, UInt8(code >> 8), UInt8(code & 0xFF)]))
        guard case .failed(let violation)? = result.last else {
            Issue.record("\(name) is let through")
            return
        }
        #expect(violation.code == code)
    }

    @Test("text may be cut inside a character")
    func cutCharacter() {
        let bytes = Array("é".utf8)
        let frames = ServerFrame.bytes(1, [bytes[0]], isFinal: false) + ServerFrame.bytes(0, [bytes[1]])
        #expect(outputs([frames]) == [.message(.text("é"))])
    }

    @Test("a message above the limit is refused before its bytes are there")
    func limit() {
        #expect(
            outputs([ServerFrame.bytes(2, [1, 2, 3, 4])], limit: 4) == [.message(.binary([1, 2, 3, 4]))])
        let tooLong = outputs([[0x82, 0x05]], limit: 4)
        let inParts = outputs(
            [ServerFrame.bytes(2, [1, 2, 3], isFinal: false), [0x80, 0x02]], limit: 4)
        for result in [tooLong, inParts] {
            guard case .failed(let violation)? = result.last else {
                Issue.record("the limit does not hold")
                continue
            }
            #expect(violation.code == 1009)
        }
    }

    @Test("a close is echoed once, and nothing is read or sent after it")
    func closeByServer() {
        var codec = WebSocketCodec()
        codec.receive(ServerFrame.bytes(8, [0x0F, 0xA0] + hello) + ServerFrame.text("late"))
        codec.send(.text("too late"))
        #expect(
            codec.drain() == [
                .transmit([0x88, 0x82, 0, 0, 0, 0, 0x0F, 0xA0]),
                .closed(WebSocketClose(code: 4000, reason: "Hello")),
            ])
    }

    @Test("a close of ours waits for the server's, and messages still arrive")
    func closeByClient() {
        var codec = WebSocketCodec()
        codec.close(WebSocketClose(code: 1000, reason: "x"))
        codec.send(.text("too late"))
        #expect(codec.drain() == [.transmit([0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0x78])])
        codec.receive(ServerFrame.text("on its way") + ServerFrame.bytes(8, []))
        #expect(codec.drain() == [.message(.text("on its way")), .closed(WebSocketClose(code: 1005))])
    }

    @Test("10,000 damaged streams neither trap nor hang, and nothing follows the end")
    func mutations() {
        var generator = SeededGenerator(seed: 6455)
        let seeds =
            [
                ServerFrame.text("Hello"), ServerFrame.bytes(2, [UInt8](repeating: 1, count: 130)),
                ServerFrame.bytes(9, [1, 2, 3]), ServerFrame.bytes(8, [0x03, 0xE8, 0x41]),
                ServerFrame.bytes(1, hello, isFinal: false) + ServerFrame.bytes(0, hello),
            ]
        for _ in 0..<10_000 {
            let original = (0..<3).flatMap { _ in seeds.randomElement(using: &generator) ?? [] }
            let stream = original.damaged(using: &generator)
            var codec = WebSocketCodec(messageLimit: 4096)
            var hasEnded = false
            for chunk in stream.pieces(using: &generator) {
                codec.receive(chunk)
                for output in codec.drain() {
                    #expect(!hasEnded)
                    switch output {
                    case .closed, .failed: hasEnded = true
                    default: break
                    }
                }
            }
        }
    }
}
