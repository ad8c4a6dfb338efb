internal import LiveKitProtocol

/// A track as the room announces it, as known at one moment.
public protocol TrackPublication: Sendable {
    /// Id of the publication.
    var sid: TrackSid { get }
    /// Name the publisher gave it.
    var name: String { get }
    /// Heard or seen.
    var kind: TrackKind { get }
    /// What it shows or plays.
    var source: TrackSource { get }
    /// Whether the publisher has switched it off for now.
    var isMuted: Bool { get }
    /// Codec, `video/VP8` for example.
    var mimeType: String { get }
    /// Size of the published picture; `nil` for sound.
    var dimensions: Dimensions? { get }
}

extension TrackKind {
    init(_ type: Livekit_TrackType) { self = type == .audio ? .audio : .video }
}

extension Livekit_TrackInfo {
    /// The codec actually sent: newer servers list codecs, older ones name one.
    var effectiveMimeType: String {
        codecs.first.map(\.mimeType).flatMap { $0.isEmpty ? nil : $0 } ?? mimeType
    }

    var publishedDimensions: Dimensions? {
        type == .video ? Dimensions(width: Int(width), height: Int(height)) : nil
    }
}
