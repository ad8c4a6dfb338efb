public import MediaCore

/// Pictures of somebody else.
public final class RemoteVideoTrack: Sendable {
    /// Id of the publication.
    public let sid: TrackSid
    let receiver: VideoReceiver

    init(sid: TrackSid, receiver: VideoReceiver) {
        self.sid = sid
        self.receiver = receiver
    }

    /// Shows every decoded picture to `videoRenderer`, on the decoding thread, before its time to be shown.
    public func add(videoRenderer: any VideoSink) {
        receiver.renderers.add(videoRenderer, id: ObjectIdentifier(videoRenderer))
    }

    /// Ends that.
    public func remove(videoRenderer: any VideoSink) {
        receiver.renderers.remove(id: ObjectIdentifier(videoRenderer))
    }
}
