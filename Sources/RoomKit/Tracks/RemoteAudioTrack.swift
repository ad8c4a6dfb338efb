public import MediaCore

/// Sound of somebody else.
public final class RemoteAudioTrack: Sendable {
    /// Id of the publication.
    public let sid: TrackSid
    let receiver: AudioReceiver

    init(sid: TrackSid, receiver: AudioReceiver) {
        self.sid = sid
        self.receiver = receiver
    }

    /// How loud it is played: 1 = as sent, 0 = not at all, at most 10.
    public var volume: Double {
        get { Double(receiver.volume.value) / 1_000 }
        set { receiver.volume.value = Int(min(max(newValue, 0), 10) * 1_000) }
    }

    /// Lets `audioRenderer` hear the track before volume and mixing, on the speaker thread.
    public func add(audioRenderer: any AudioRenderer) {
        receiver.renderers.add(audioRenderer, id: ObjectIdentifier(audioRenderer))
    }

    /// Ends that.
    public func remove(audioRenderer: any AudioRenderer) {
        receiver.renderers.remove(id: ObjectIdentifier(audioRenderer))
    }
}
