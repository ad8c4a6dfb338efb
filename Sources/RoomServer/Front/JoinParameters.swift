import Foundation
import LiveKitProtocol
import SwiftProtobuf

/// What a client asks for when it connects, whichever of the two ways it says so.
///
/// `/rtc` carries it as query items (two peer connections), `/rtc/v1` as one protobuf message (a single one).
struct JoinParameters: Sendable {
    /// How many peer connections carry the session.
    enum Shape: Sendable {
        /// The client offers on one, the server on the other.
        case dual
        /// The client offers, for both directions.
        case single
    }

    /// How many peer connections carry the session.
    var shape: Shape
    /// What the client says about itself.
    var client = Livekit_ClientInfo()
    /// Whether every track of the others is wanted without asking.
    var isAutoSubscribing = true
    /// Whether the client will say in which size it shows pictures.
    var isAdaptiveStreaming = false
    /// Whether this continues a session after its signaling was lost.
    var isResuming = false
    /// Attributes the client brings along; they need the right to change them.
    var attributes: [String: String] = [:]
    /// Metadata the client brings along.
    var metadata = ""
    /// Tracks announced together with the first offer.
    var tracks: [Livekit_AddTrackRequest] = []
    /// The first offer of a single connection, to be answered right after the join message.
    var offer: Livekit_SessionDescription?

    /// Largest join request after unpacking.
    static let requestLimit = 1 << 20

    /// Reads the query of `/rtc` or `/rtc/v1`; `nil` = it cannot be understood.
    init?(query: [String: String], requiresJoinRequest: Bool) {
        if let text = query["join_request"] {
            guard let request = Self.unwrap(text) else { return nil }
            self.init(request: request)
        } else {
            guard !requiresJoinRequest else { return nil }
            self.init(items: query)
        }
    }

    private init(request: Livekit_JoinRequest) {
        shape = .single
        client = request.clientInfo
        isAutoSubscribing = request.connectionSettings.autoSubscribe
        isAdaptiveStreaming = request.connectionSettings.adaptiveStream
        isResuming = request.reconnect
        attributes = request.participantAttributes
        metadata = request.metadata
        tracks = request.addTrackRequests
        offer = request.hasPublisherOffer ? request.publisherOffer : nil
    }

    private init?(items: [String: String]) {
        shape = .dual
        client.sdk = Self.sdks[items["sdk"] ?? ""] ?? .unknown
        client.version = items["version"] ?? ""
        client.protocol = Int32(items["protocol"] ?? "") ?? 0
        client.clientProtocol = Int32(items["client_protocol"] ?? "") ?? 0
        client.os = items["os"] ?? ""
        client.capabilities = (items["capabilities"] ?? "").split(separator: ",").compactMap {
            Self.capability($0)
        }
        isAutoSubscribing = items["auto_subscribe"].map(Self.isTrue) ?? true
        isAdaptiveStreaming = items["adaptive_stream"].map(Self.isTrue) ?? false
        isResuming = items["reconnect"].map(Self.isTrue) ?? false
        if let text = items["attributes"] {
            guard let bytes = LenientBase64.decode(text),
                let decoded = try? JSONDecoder().decode([String: String].self, from: Data(bytes))
            else { return nil }
            attributes = decoded
        }
    }

    private static func unwrap(_ text: String) -> Livekit_JoinRequest? {
        guard let bytes = LenientBase64.decode(text),
            let wrapped = try? Livekit_WrappedJoinRequest(serializedBytes: bytes)
        else { return nil }
        var inner = [UInt8](wrapped.joinRequest)
        if wrapped.compression == .gzip {
            guard let unpacked = Inflater.gunzip(inner, limit: requestLimit) else { return nil }
            inner = unpacked
        }
        return try? Livekit_JoinRequest(serializedBytes: inner)
    }

    private static func isTrue(_ text: String) -> Bool { text == "1" || text == "true" }

    private static func capability(_ name: Substring) -> Livekit_ClientInfo.Capability? {
        switch name {
        case "CAP_PACKET_TRAILER": .capPacketTrailer
        case "CAP_COMPRESSION_DEFLATE_RAW": .capCompressionDeflateRaw
        default: nil
        }
    }

    private static let sdks: [String: Livekit_ClientInfo.SDK] = [
        "js": .js, "swift": .swift, "ios": .swift, "android": .android, "flutter": .flutter, "go": .go,
        "unity": .unity, "reactnative": .reactNative, "rust": .rust, "python": .python, "cpp": .cpp,
        "unityweb": .unityWeb, "node": .node, "esp32": .esp32,
    ]
}
