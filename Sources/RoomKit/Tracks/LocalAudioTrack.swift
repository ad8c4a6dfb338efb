public import MediaCore

/// Sound of ours.
public final class LocalAudioTrack: Sendable {
    /// Where the sound comes from.
    public let source: any AudioSource

    /// Makes a track; its device is opened when it is published.
    public init(source: any AudioSource) { self.source = source }
}
