import COpenSSL
import Foundation

/// The opening handshake of a client, as a machine (RFC 6455 §4.1): one request out, one answer in.
struct WebSocketHandshake: Sendable {
    /// How the server answered.
    enum Outcome {
        /// The connection is open; these bytes behind the answer belong to the codec.
        case accepted(rest: [UInt8])
        /// Any status other than 101; redirects are refusals too.
        case refused(HTTPResponse)
    }

    /// The bytes to send.
    let request: [UInt8]
    private let key: String
    private var parser = HTTPResponseParser(bodyLimit: 4 << 10)

    /// Makes the request; `nonce` is 16 random bytes.
    init(endpoint: WebSocketEndpoint, headers: HTTPHeaders, nonce: [UInt8]) {
        key = Data(nonce).base64EncodedString()
        var all: HTTPHeaders = [
            "Host": endpoint.authority, "Connection": "Upgrade", "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key,
        ]
        all.append(contentsOf: headers)
        request = Array("GET \(endpoint.target) HTTP/1.1\r\n\(all.lines)\r\n".utf8)
    }

    /// Takes bytes of the server; answers once its reply is whole.
    mutating func receive(_ bytes: [UInt8]) throws(WebSocketError) -> Outcome? {
        do {
            try parser.receive(bytes)
        } catch {
            throw .invalidResponse(error.rawValue)
        }
        return parser.isComplete ? try outcome() : nil
    }

    /// The server closed its side.
    mutating func receiveEnd() throws(WebSocketError) -> Outcome {
        do {
            try parser.receiveEnd()
        } catch {
            throw .invalidResponse(error.rawValue)
        }
        return try outcome()
    }

    private func outcome() throws(WebSocketError) -> Outcome {
        guard let response = parser.response else {
            throw .invalidResponse(HTTPResponseParser.Fault.truncated.rawValue)
        }
        guard response.head.status == 101 else { return .refused(response) }
        let headers = response.head.headers
        guard headers.contains("websocket", in: "Upgrade"), headers.contains("upgrade", in: "Connection")
        else {
            throw .invalidResponse("the answer does not upgrade to a WebSocket")
        }
        guard headers["Sec-WebSocket-Accept"] == WebSocketHandshake.accept(for: key) else {
            throw .invalidResponse("the answer belongs to another request")
        }
        guard headers["Sec-WebSocket-Extensions"] == nil, headers["Sec-WebSocket-Protocol"] == nil else {
            throw .invalidResponse("the answer selects an extension or a protocol that was not offered")
        }
        return .accepted(rest: parser.rest)
    }

    /// RFC 6455 §4.2.2: what proves that the server has read the key.
    static func accept(for key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
        _ = SHA1(text, text.count, &digest)
        return Data(digest).base64EncodedString()
    }
}
