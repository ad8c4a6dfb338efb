import MediaCore

/// Turns what one publisher sends into one continuous stream for one subscriber.
///
/// It picks the simulcast layer, begins and changes layers only at key pictures, and renumbers packets, timestamps and
/// picture counters so that the subscriber sees a single stream. Codecs that carry their layers in one stream (VP9 and
/// AV1 with scalability) pass whole.
struct Forwarder: Sendable {
    /// What the subscriber wants.
    private var preference = TrackPreference()
    /// Whether the publisher has muted the track.
    private var isMuted = false
    /// The layer that is being forwarded; `nil` = none since the start or the last pause.
    private(set) var current: Int?
    /// The layer that is to be forwarded; `nil` = nothing is wanted or sent.
    private(set) var target: Int?
    private var sequence = SequenceRewriter()
    private var timestamps: TimestampRewriter
    private var pictures = VP8CounterRewriter()
    private let beginsAnywhere: Bool

    /// Makes a forwarder; `beginsAnywhere` is true for sound, which has no key pictures.
    init(clockRate: Int, beginsAnywhere: Bool) {
        timestamps = TimestampRewriter(clockRate: clockRate)
        self.beginsAnywhere = beginsAnywhere
    }

    /// The subscriber wants the track in another form.
    mutating func prefer(_ preference: TrackPreference) {
        self.preference = preference
        if !preference.isEnabled { current = nil }
    }

    /// The publisher has muted or unmuted the track. Muted sound is still passed on: it is what fades the last word out.
    mutating func mute(_ isMuted: Bool) {
        self.isMuted = isMuted
        if isMuted && !beginsAnywhere { current = nil }
    }

    /// The publisher began a layer anew, with other numbers.
    mutating func sourceChanged(of layer: Int) {
        if layer == current { current = nil }
    }

    /// Looks again at which layer is the right one; answers whose key picture is needed.
    mutating func choose(_ liveness: LayerLiveness, at now: MonotonicTime) -> Int? {
        let isFlowing = preference.isEnabled && (beginsAnywhere || !isMuted)
        target = isFlowing ? liveness.best(upTo: preference.layer, at: now) : nil
        guard !beginsAnywhere, isFlowing else { return nil }
        // Before the first packet nothing is live, but a publisher that waits to be asked must be asked.
        let wanted = target ?? min(preference.layer ?? .max, liveness.count - 1)
        return wanted == current ? nil : wanted
    }

    /// Where a packet goes, or `nil` when this subscriber does not get it.
    mutating func receive(
        _ packet: PublishedPacket, clocks: [LayerClock?], at now: MonotonicTime
    ) -> ForwardedPosition? {
        if shouldBegin(with: packet) { begin(with: packet, clocks, at: now) }
        guard packet.layer == current else { return nil }
        guard !packet.isPadding else {
            sequence.skip(packet.sequence)
            return nil
        }
        guard let number = sequence.take(packet.sequence) else { return nil }
        return ForwardedPosition(
            sequenceNumber: number, timestamp: timestamps.take(packet.timestamp, at: now),
            picture: packet.picture.map { pictures.take($0) })
    }

    private func shouldBegin(with packet: PublishedPacket) -> Bool {
        guard preference.isEnabled, !packet.isPadding, packet.layer != current else { return false }
        if beginsAnywhere { return true }
        guard !isMuted, packet.startsFrame, packet.isKeyframe else { return false }
        // Any layer is better than none; afterwards only the right one is.
        guard current != nil else { return packet.layer <= max(preference.layer ?? .max, target ?? 0) }
        return packet.layer == target
    }

    private mutating func begin(with packet: PublishedPacket, _ clocks: [LayerClock?], at now: MonotonicTime)
    {
        sequence.begin(at: packet.sequence)
        timestamps.begin(packet.layer, timestamp: packet.timestamp, clocks: clocks, at: now)
        if let picture = packet.picture { pictures.begin(with: picture) }
        current = packet.layer
    }
}
