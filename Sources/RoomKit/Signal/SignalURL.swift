internal import Foundation
internal import LiveKitProtocol
internal import SwiftProtobuf

/// The URLs of one server: a base with or without a path, to which the paths of the protocol are added.
struct SignalURL: Hashable, Sendable {
    /// The two ways to signal.
    enum Path: String, Sendable {
        /// One peer connection; everything in a join request.
        case single = "rtc/v1"
        /// Two peer connections; everything in the query.
        case dual = "rtc"
    }

    /// The session to resume.
    struct Resumption: Hashable, Sendable {
        var participantSID: String
        var reason: Livekit_ReconnectReason
    }

    private let base: URLComponents

    /// Reads what a user gives: `ws`, `wss`, `http` or `https`, a host, perhaps a port and a path.
    init(_ text: String) throws(SignalError) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard var parts = URLComponents(string: trimmed), let host = parts.host, !host.isEmpty else {
            throw .invalidURL(trimmed)
        }
        switch parts.scheme?.lowercased() {
        case "ws", "http": parts.scheme = "ws"
        case "wss", "https": parts.scheme = "wss"
        default: throw .invalidURL(trimmed)
        }
        while parts.percentEncodedPath.hasSuffix("/") { parts.percentEncodedPath.removeLast() }
        (parts.query, parts.fragment, parts.user, parts.password) = (nil, nil, nil, nil)
        base = parts
    }

    /// The WebSocket URL of a path.
    func socket(_ path: Path, _ options: SignalOptions, resuming: Resumption? = nil) throws(SignalError)
        -> URL
    {
        let query = path == .single ? singleQuery(options, resuming) : dualQuery(options, resuming)
        return try url(path.rawValue, query)
    }

    /// Where the server says why it refuses the same request.
    func validation(
        _ path: Path, _ options: SignalOptions, resuming: Resumption? = nil
    ) throws(SignalError) -> URL {
        let query = path == .single ? singleQuery(options, resuming) : dualQuery(options, resuming)
        return try url(path.rawValue + "/validate", query)
    }

    private func url(_ path: String, _ query: [(name: String, value: String)]) throws(SignalError) -> URL {
        var parts = base
        parts.percentEncodedPath += "/" + path
        parts.queryItems = query.map { URLQueryItem(name: $0.name, value: $0.value) }
        guard let url = parts.url else { throw .invalidURL(base.string ?? "") }
        return url
    }

    private func singleQuery(_ options: SignalOptions, _ resuming: Resumption?) -> [(
        name: String, value: String
    )] {
        var request = Livekit_JoinRequest()
        request.clientInfo = ClientDescription.message
        request.connectionSettings.autoSubscribe = options.autoSubscribe
        request.connectionSettings.adaptiveStream = options.adaptiveStream
        if let resuming {
            request.reconnect = true
            request.reconnectReason = resuming.reason
            request.participantSid = resuming.participantSID
        } else if let offer = options.publisherOffer {
            request.publisherOffer = offer
        }
        // Serializing fails only for required fields, which proto3 does not have.
        let plain: [UInt8] = (try? request.serializedBytes()) ?? []
        let packed = Gzip.compress(plain)
        var wrapped = Livekit_WrappedJoinRequest()
        wrapped.compression = packed.count < plain.count ? .gzip : .none
        wrapped.joinRequest = Data(packed.count < plain.count ? packed : plain)
        let bytes: [UInt8] = (try? wrapped.serializedBytes()) ?? []
        return [("join_request", Base64URL.encode(bytes, padded: true))]
    }

    private func dualQuery(_ options: SignalOptions, _ resuming: Resumption?) -> [(
        name: String, value: String
    )] {
        var items = ClientDescription.queryItems
        items.append(("auto_subscribe", options.autoSubscribe ? "1" : "0"))
        items.append(("adaptive_stream", options.adaptiveStream ? "1" : "0"))
        if let resuming {
            items.append(("reconnect", "1"))
            items.append(("sid", resuming.participantSID))
            items.append(("reconnect_reason", String(resuming.reason.rawValue)))
        }
        return items
    }
}
