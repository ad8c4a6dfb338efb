public import MediaCore

/// Pictures of ours: a source, and whoever wants to see it besides the room.
public final class LocalVideoTrack: Sendable {
    /// Where the pictures come from.
    public let source: any VideoSource
    let renderers = SinkList<any VideoSink>()

    /// Makes a track; its device is opened when it is published.
    public init(source: any VideoSource) { self.source = source }

    /// Shows every captured picture to `videoRenderer` too: the self view.
    public func add(videoRenderer: any VideoSink) {
        renderers.add(videoRenderer, id: ObjectIdentifier(videoRenderer))
    }

    /// Ends that.
    public func remove(videoRenderer: any VideoSink) {
        renderers.remove(id: ObjectIdentifier(videoRenderer))
    }
}
