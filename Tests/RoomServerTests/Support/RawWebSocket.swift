import Foundation
import Glibc
import LiveKitProtocol
import SwiftProtobuf

/// Runs something that blocks on a thread of its own, so that the few threads of the pool stay free for the server.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// A WebSocket client of a few lines, so that the server is not tested with a client of the same house.
///
/// Blocking, with a time limit of five seconds on every read.
final class RawWebSocket {
    private let socket: Int32
    private var buffer: [UInt8] = []

    /// Connects and asks for a WebSocket; `response` is what the server said, head and all.
    init(port: Int, path: String, token: String) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        write(
            Array(
                """
                GET \(path) HTTP/1.1\r
                Host: localhost\r
                Connection: Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                Authorization: Bearer \(token)\r
                \r

                """.utf8))
    }

    deinit {
        close(socket)
    }

    /// The head of the HTTP response.
    func readHead() -> String {
        while buffer.suffix(4) != [13, 10, 13, 10], let byte = readByte() { buffer.append(byte) }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Everything until the server closes the connection.
    func readToEnd() -> String {
        var bytes: [UInt8] = []
        while let byte = readByte() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next message of the server; `nil` = it closes.
    func readMessage() throws -> Livekit_SignalResponse.OneOf_Message? {
        while let first = readByte(), let second = readByte() {
            var length = Int(second & 0x7F)
            if length >= 126 {
                let count = length == 126 ? 2 : 8
                length = (0..<count).reduce(0) { sum, _ in sum << 8 | Int(readByte() ?? 0) }
            }
            let payload = (0..<length).compactMap { _ in readByte() }
            switch first & 0x0F {
            case 2: return try Livekit_SignalResponse(serializedBytes: payload).message
            case 8: return nil
            default: continue
            }
        }
        return nil
    }

    /// Sends a message, masked as clients must (RFC 6455 §5.3).
    func send(_ message: Livekit_SignalRequest.OneOf_Message) throws {
        var request = Livekit_SignalRequest()
        request.message = message
        let payload: [UInt8] = try request.serializedBytes()
        var frame: [UInt8] = [0x82]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        }
        write(frame + [0, 0, 0, 0] + payload)
    }

    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, 0) == 1 ? byte : nil
    }

    private func write(_ bytes: [UInt8]) {
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
