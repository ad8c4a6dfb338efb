package import MediaCore
package import RTP

/// What the engine wants done.
package enum PeerOutput: ~Copyable {
    /// Send this datagram, which is protected.
    case transmit(PacketBuffer)
    /// Tell whoever it concerns.
    case event(PeerEngineEvent)
}

/// What happened to media.
package enum PeerEngineEvent: ~Copyable {
    /// The next picture to decode. Frame mode.
    case videoFrame(MediaID, EncodedFrame)
    /// A packet of sound, not in order; the jitter buffer of the speaker sorts. Frame mode.
    case audioPacket(MediaID, ReceivedAudioPacket)
    /// A packet to pass on. Packet mode.
    case packet(ReceivedPacket)
    /// The sender told how its timestamps lie on its wall clock.
    case senderReport(MediaID, SSRC, SenderReport, at: MonotonicTime)
    /// The receiver of our stream cannot go on without a key frame.
    case keyframeRequested(MediaID, SSRC)
    /// So many of a hundred packets of our stream are expected to get lost now.
    case lossExpected(MediaID, percent: Int)
    /// The receiver told when our packets arrived.
    case transportFeedback(TransportFeedback, at: MonotonicTime)
    /// What the path carries, sound, pictures and repeats together: our estimate, or the receiver's when it
    /// does not report arrivals.
    case bandwidthEstimate(Bitrate)
}

/// A packet that came, once and unwrapped from whatever repaired it, not yet looked into.
package struct ReceivedPacket: ~Copyable {
    /// The section it belongs to.
    package let mid: MediaID
    /// The simulcast layer, once it is known.
    package let rid: ShortText?
    /// Header of the original packet, also when this is a repeat.
    package let header: RTPHeader
    /// Its extended sequence number.
    package let sequence: Int64
    /// Where the payload lies in `buffer`; empty for padding.
    package let payload: Range<Int>
    /// Whether it came as a repeat.
    package let isRepeat: Bool
    /// When it came.
    package let arrival: MonotonicTime
    /// The datagram in plain text; opaque header extensions are found in it.
    package let buffer: PacketBuffer
}
