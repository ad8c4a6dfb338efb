package import MediaCore
package import RTP

/// Who takes the media of one section. Frame mode.
///
/// Called on the network loop's thread, where everything else waits: put it into a queue and return at once.
package protocol MediaReceiver: AnyObject, Sendable {
    /// The next picture to decode.
    func receive(video frame: EncodedFrame, on mid: MediaID)
    /// A packet of sound, in the order of arrival.
    func receive(audio packet: ReceivedAudioPacket, on mid: MediaID)
    /// How the sender's timestamps lie on its wall clock.
    func receive(senderReport: SenderReport, from source: SSRC, on mid: MediaID, at time: MonotonicTime)
}

/// Who passes packets on. Packet mode.
///
/// Called on the network loop's thread, synchronously: from here `forward` of another connection can be
/// entered by
/// `assumeIsolated`, without a hop.
package protocol PacketReceiver: AnyObject, Sendable {
    /// A packet arrived, decrypted and unwrapped from whatever repaired it.
    func receive(_ packet: borrowing ReceivedPacket)
    /// How a sender's timestamps lie on its wall clock.
    func receive(_ report: SenderReport, from source: SSRC, on mid: MediaID, at now: MonotonicTime)
    /// The other side cannot go on without a key frame of a stream it receives.
    func keyframeRequested(on mid: MediaID, of source: SSRC)
}
