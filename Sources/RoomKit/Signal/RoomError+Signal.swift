extension RoomError {
    /// What an error of signaling means to the program.
    init(_ error: SignalError) {
        let code: Code =
            switch error {
            case .invalidURL: .invalidURL
            case .unreachable, .notAServer: .unreachable
            case .tlsFailed: .tls
            case .timedOut: .timedOut
            case .tokenExpired, .tokenInvalid, .notPermitted: .unauthorized
            case .roomNotFound: .notFound
            case .refused, .left: .refused
            case .connectionLost, .silent: .disconnected
            case .cancelled: .cancelled
            }
        self.init(code, error.description, underlying: error)
    }
}
