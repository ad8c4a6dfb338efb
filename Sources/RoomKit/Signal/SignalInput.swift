internal import MediaCore
internal import WebSocket

/// What a socket, or the clock, brings next.
enum SignalInput: Sendable {
    case message([UInt8])
    case deadline
    case ended(SignalError)
    case cancelled

    /// Waits for a message until a time; a message that arrives in the same instant is not lost.
    static func next(from socket: any SignalSocket, until time: MonotonicTime?) async -> SignalInput {
        await withTaskGroup(of: SignalInput.self) { group in
            group.addTask { await read(socket) }
            if let time {
                group.addTask {
                    try? await Task.sleep(for: max(.zero, time - SystemClock.now))
                    return .deadline
                }
            }
            var result = SignalInput.cancelled
            while let input = await group.next() {
                group.cancelAll()
                switch (result, input) {
                case (.cancelled, _), (.deadline, .message), (.deadline, .ended): result = input
                default: break
                }
            }
            return Task.isCancelled && !result.carriesNews ? .cancelled : result
        }
    }

    private var carriesNews: Bool {
        switch self {
        case .message, .ended: true
        case .deadline, .cancelled: false
        }
    }

    private static func read(_ socket: any SignalSocket) async -> SignalInput {
        do {
            while let message = try await socket.nextMessage() {
                // Text is protobuf JSON, which servers send only to clients that do.
                if case .binary(let bytes) = message { return .message(bytes) }
            }
            return .ended(.connectionLost("The server closed the connection."))
        } catch .cancelled {
            return .cancelled
        } catch {
            return .ended(SignalError(error))
        }
    }
}
