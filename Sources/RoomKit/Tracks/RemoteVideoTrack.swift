public import MediaCore

/// Pictures of somebody else.
public final class RemoteVideoTrack: Sendable {
    /// Id of the publication.
    public let sid: TrackSid
    let receiver: VideoReceiver
    private let tell: @Sendable (RendererChange) -> Void

    init(sid: TrackSid, receiver: VideoReceiver, tell: @escaping @Sendable (RendererChange) -> Void) {
        self.sid = sid
        self.receiver = receiver
        self.tell = tell
    }

    /// Shows every decoded picture to `videoRenderer`, on the decoding thread, before its time to be shown.
    public func add(videoRenderer: any VideoSink) {
        receiver.renderers.add(videoRenderer, id: ObjectIdentifier(videoRenderer))
        tell(.added(ObjectIdentifier(videoRenderer)))
    }

    /// Ends that.
    public func remove(videoRenderer: any VideoSink) {
        receiver.renderers.remove(id: ObjectIdentifier(videoRenderer))
        tell(.removed(ObjectIdentifier(videoRenderer)))
    }

    /// Says at what size in pixels a renderer draws the track; `nil` = it cannot be seen.
    ///
    /// With `RoomOptions.adaptiveStream` the server is asked for no more than the largest of these, and for
    /// nothing while it cannot be seen anywhere. A renderer that never says anything gets the full size. To be
    /// called when the size changes, from any thread.
    public func report(drawnSize: Dimensions?, of videoRenderer: any VideoSink) {
        tell(.draws(drawnSize, ObjectIdentifier(videoRenderer)))
    }
}
