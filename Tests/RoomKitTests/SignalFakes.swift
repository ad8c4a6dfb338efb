import Foundation
import LiveKitProtocol
import MediaCore
import SwiftProtobuf
import WebSocket

@testable import RoomKit

/// A network without sockets: each connection attempt takes the next answer of a script.
actor ScriptedNetwork: SignalNetwork {
    enum Answer {
        case socket(ScriptedSocket)
        case failure(WebSocketError)
    }

    private var answers: [Answer]
    private let validation: Result<HTTPResponse, WebSocketError>
    /// The path of every connection and request, with the token it carried.
    private(set) var visits: [String] = []
    private(set) var urls: [URL] = []

    init(
        _ answers: [Answer], validation: Result<HTTPResponse, WebSocketError> = .failure(.unknownHost("none"))
    ) {
        self.answers = answers
        self.validation = validation
    }

    func connect(
        to url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> any SignalSocket {
        note(url, headers)
        guard !answers.isEmpty else { throw .unreachable("the script", reason: "is over") }
        switch answers.removeFirst() {
        case .socket(let socket): return socket
        case .failure(let error): throw error
        }
    }

    func get(
        _ url: URL, headers: HTTPHeaders, settings: NetworkSettings, timeout: Duration
    ) async throws(WebSocketError) -> HTTPResponse {
        note(url, headers)
        return try validation.get()
    }

    private func note(_ url: URL, _ headers: HTTPHeaders) {
        urls.append(url)
        visits.append("\(url.path()) \(headers["Authorization"] ?? "without a token")")
    }
}

/// A socket whose other end is the test.
final class ScriptedSocket: SignalSocket {
    private let incoming = FrameQueue<WebSocketMessage>(limit: 1000)
    private let log = SentMessages()

    /// Lets the client receive a message.
    func deliver(_ message: Livekit_SignalResponse.OneOf_Message) throws {
        _ = incoming.append(.binary(try Livekit_SignalResponse.bytes(message)))
    }

    /// Ends the connection.
    func hangUp() {
        incoming.finish()
    }

    /// What the client has sent so far.
    var sent: [Livekit_SignalRequest] {
        get async { await log.messages }
    }

    var isClosed: Bool {
        get async { await log.isClosed }
    }

    func send(_ bytes: [UInt8]) async throws(WebSocketError) {
        if let request = try? Livekit_SignalRequest(serializedBytes: bytes) { await log.append(request) }
    }

    func nextMessage() async throws(WebSocketError) -> WebSocketMessage? {
        let message = await incoming.next()
        if message == nil, Task.isCancelled { throw .cancelled }
        return message
    }

    func close() async {
        await log.close()
        incoming.finish()
    }
}

private actor SentMessages {
    private(set) var messages: [Livekit_SignalRequest] = []
    private(set) var isClosed = false

    func append(_ message: Livekit_SignalRequest) {
        messages.append(message)
    }

    func close() {
        isClosed = true
    }
}
