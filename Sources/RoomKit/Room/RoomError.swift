/// What went wrong, for a program and for a person.
///
/// `code` is what programs decide on; `message` is one sentence that says what failed, why, and what to try.
public struct RoomError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure; new ones may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case invalidURL, invalidState, unreachable, tls, unauthorized, notFound, refused,
                timedOut, disconnected, media, data, permission, unsupported, cancelled, internalFailure
        }
        private let value: Value

        /// The URL is none, or of a kind that cannot be used.
        public static let invalidURL = Code(value: .invalidURL)
        /// The call makes no sense in the present state of the room.
        public static let invalidState = Code(value: .invalidState)
        /// No connection to the server: unknown host, refused port, no answer.
        public static let unreachable = Code(value: .unreachable)
        /// The server's certificate is expired, foreign or not trusted.
        public static let tls = Code(value: .tls)
        /// The token is missing, invalid or expired, or does not allow this.
        public static let unauthorized = Code(value: .unauthorized)
        /// The room does not exist and may not be made.
        public static let notFound = Code(value: .notFound)
        /// The server refused for another reason.
        public static let refused = Code(value: .refused)
        /// No answer in time.
        public static let timedOut = Code(value: .timedOut)
        /// The connection is gone.
        public static let disconnected = Code(value: .disconnected)
        /// Media could not be negotiated, encoded or decoded.
        public static let media = Code(value: .media)
        /// Data could not be sent.
        public static let data = Code(value: .data)
        /// The token does not grant this.
        public static let permission = Code(value: .permission)
        /// The server does not support this.
        public static let unsupported = Code(value: .unsupported)
        /// The task was cancelled.
        public static let cancelled = Code(value: .cancelled)
        /// A defect of this library.
        public static let internalFailure = Code(value: .internalFailure)

        public var description: String { value.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence for people.
    public let message: String
    /// The error below, if there is one.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    public var description: String { message }
}
