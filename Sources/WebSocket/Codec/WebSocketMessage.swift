/// One whole message.
package enum WebSocketMessage: Hashable, Sendable {
    case text(String)
    case binary([UInt8])
}

/// How the other side ended the connection.
package struct WebSocketClose: Hashable, Sendable {
    /// Status code of RFC 6455 §7.4; 1005 when the close frame had none.
    package var code: UInt16
    /// Text for people, mostly empty.
    package var reason: String

    /// Makes a close.
    package init(code: UInt16, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// The close frame had no code (RFC 6455 §7.4.1).
    static let withoutCode = WebSocketClose(code: 1005)

    /// RFC 6455 §7.4.1 and the registry of §11.7: codes that may stand in a close frame.
    static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// What the server did that RFC 6455 forbids, with the close code that answers it.
package struct WebSocketViolation: Error, Hashable, Sendable {
    /// Close code sent to the server.
    package var code: UInt16
    /// What was wrong, as the middle of a sentence.
    package var description: String

    static func protocolError(_ description: String) -> Self { Self(code: 1002, description: description) }
    static let notText = Self(code: 1007, description: "a text is not valid UTF-8")
    static func tooLarge(_ limit: Int) -> Self {
        Self(code: 1009, description: "a message is larger than \(limit) bytes")
    }
}
