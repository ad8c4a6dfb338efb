internal import MediaCore
internal import PeerConnection
internal import RTP

/// The way of a remote audio track from the network thread to the speaker thread: a ring of packets.
final class AudioReceiver: MediaReceiver {
    /// Who hears the track alone.
    let renderers = SinkList<any AudioRenderer>()
    /// Thousandths of the sent loudness.
    let volume = AtomicNumber(1_000)
    /// What was received and played.
    let counters = AudioReceiveCounters()
    /// Packets on their way to the speaker thread.
    let packets = SPSCRing<ReceivedAudioPacket>(capacity: 128)

    /// The participant's clock.
    let sync: LipSync

    init(sync: LipSync) { self.sync = sync }

    func receive(video frame: EncodedFrame, on mid: MediaID) {}

    func receive(senderReport: SenderReport, from source: SSRC, on mid: MediaID, at time: MonotonicTime) {
        sync.receive(senderReport, kind: .audio)
    }

    func receive(audio packet: ReceivedAudioPacket, on mid: MediaID) {
        // A full ring means that the speaker thread stands still: the jitter buffer will count the packet as lost.
        _ = packets.append(packet)
    }
}

/// What an audio receiver has played so far; written by the speaker thread.
final class AudioReceiveCounters: Sendable {
    let concealedMilliseconds = AtomicNumber()
    let recovered = AtomicNumber()
    let delayMilliseconds = AtomicNumber()
    /// Loudness of the last 10 ms in -dBov, 127 = silence.
    let level = AtomicNumber(127)
}
