import MediaCore

/// Turns what one publisher sends into one continuous stream for one subscriber.
///
/// It knows what the subscriber wants and what its way down allows, lets `LayerSelector` pick packets accordingly, and
/// renumbers packets, timestamps and picture counters so that the subscriber sees a single stream.
struct Forwarder: Sendable {
    /// What the subscriber wants.
    private(set) var preference = TrackPreference()
    /// What the subscriber's way down allows.
    private(set) var grant = LayerGrant.unlimited
    /// Whether the way down carries much less than what was being sent.
    private var isShort = false
    /// Whether the publisher has muted the track.
    private var isMuted = false
    private var selector: LayerSelector
    private var sequence = SequenceRewriter()
    private var timestamps: TimestampRewriter
    private var pictures = VP8CounterRewriter()
    /// Whether any packet may be the first: sound has no key pictures.
    private let beginsAnywhere: Bool
    /// Whether sound has begun.
    private var hasBegun = false

    /// Makes a forwarder; `isOneStream` is false for simulcast, `beginsAnywhere` is true for sound.
    init(clockRate: Int, isOneStream: Bool, beginsAnywhere: Bool) {
        timestamps = TimestampRewriter(clockRate: clockRate)
        selector = LayerSelector(isOneStream: isOneStream)
        self.beginsAnywhere = beginsAnywhere
    }

    /// The layer that is being forwarded; `nil` = none since the start or the last pause.
    var current: TrackLayer? { selector.current }

    /// The publisher's stream that a key picture is of use in.
    var stream: Int? { selector.neededStream ?? selector.stream }

    /// Whether packets are wanted at all, and may be sent.
    var isFlowing: Bool { preference.isEnabled && grant != .paused && (beginsAnywhere || !isMuted) }

    /// Whether pictures would flow if only the way down allowed it.
    var isDemanding: Bool { preference.isEnabled && !isMuted }

    /// The subscriber wants the track in another form.
    mutating func prefer(_ preference: TrackPreference) {
        self.preference = preference
        guard !preference.isEnabled else { return }
        selector.stop()
        hasBegun = false
    }

    /// The way down allows this much now; `isShort` = it carries much less than is being sent.
    mutating func allow(_ grant: LayerGrant, isShort: Bool = false) {
        self.grant = grant
        if isShort { self.isShort = true }
        if grant == .paused { selector.stop() }
    }

    /// The publisher has muted or unmuted the track. Muted sound is still passed on: it is what fades the last word out.
    mutating func mute(_ isMuted: Bool) {
        self.isMuted = isMuted
        if isMuted { selector.stop() }
    }

    /// The publisher began a stream anew, with other numbers.
    mutating func sourceChanged(of stream: Int) {
        if stream == selector.stream { selector.stop() }
        hasBegun = false
    }

    /// The track comes from elsewhere from now on: in another codec, on another clock.
    mutating func changeSource(isOneStream: Bool) {
        selector = LayerSelector(isOneStream: isOneStream)
        timestamps.leave()
        hasBegun = false
    }

    /// Whether the subscriber waits for a key picture of this stream.
    func awaits(_ stream: Int) -> Bool { selector.awaits(stream) }

    /// The subscriber cannot go on without a key picture; answers the stream that should bring it.
    mutating func noteStuck() -> Int? {
        selector.isStuck = true
        return stream
    }

    /// Looks again at which layer is the right one; answers the stream whose key picture is needed.
    mutating func choose(_ liveness: LayerLiveness, at now: MonotonicTime) -> Int? {
        guard !beginsAnywhere else { return nil }
        guard isFlowing else {
            selector.target = nil
            return nil
        }
        var target = grant.limit
        if let limit = preference.layer { target.spatial = min(target.spatial, limit) }
        // Before the first packet nothing is live, but a publisher that waits to be asked must be asked.
        let spatial = liveness.best(upTo: target.spatial, at: now) ?? min(target.spatial, liveness.count - 1)
        // A smaller size than what is allowed is allowed at its full rate.
        if spatial < grant.limit.spatial { target.temporal = TrackLayer.highest.temporal }
        target.spatial = spatial
        selector.target = target
        let isPressed = grant.limit.spatial < selector.current?.spatial ?? 0
        selector.pressure = isPressed ? (isShort ? .severe : .some) : .none
        return selector.neededStream
    }

    /// Where a packet goes, or `nil` when this subscriber does not get it.
    mutating func receive(
        _ packet: PublishedPacket, clocks: [LayerClock?], at now: MonotonicTime
    ) -> ForwardedPosition? {
        switch verdict(on: packet) {
        case .ignore: return nil
        case .leaveOut:
            sequence.skip(packet.sequence)
            if let picture = packet.picture { pictures.skip(picture) }
            return nil
        case .begin(let isLast):
            isShort = false
            sequence.begin(at: packet.sequence)
            timestamps.begin(packet.stream, timestamp: packet.timestamp, clocks: clocks, at: now)
            if let picture = packet.picture { pictures.begin(with: picture) }
            return position(of: packet, isLast, at: now)
        case .forward(let isLast):
            return position(of: packet, isLast, at: now)
        }
    }

    private mutating func verdict(on packet: PublishedPacket) -> LayerSelector.Verdict {
        guard isFlowing else { return .ignore }
        guard beginsAnywhere else { return selector.receive(packet) }
        if packet.isPadding { return hasBegun ? .leaveOut : .ignore }
        defer { hasBegun = true }
        return hasBegun ? .forward(isLast: packet.isMarked) : .begin(isLast: packet.isMarked)
    }

    private mutating func position(
        of packet: PublishedPacket, _ isLast: Bool, at now: MonotonicTime
    ) -> ForwardedPosition? {
        guard let number = sequence.take(packet.sequence) else { return nil }
        return ForwardedPosition(
            sequenceNumber: UInt16(truncatingIfNeeded: number),
            timestamp: timestamps.take(packet.timestamp, at: now), isMarked: isLast,
            picture: packet.picture.map { pictures.take($0) }, needsSmallerSize: packet.needsSmallerSize)
    }
}

/// What a subscriber's way down allows of one track.
enum LayerGrant: Hashable, Sendable {
    /// Everything.
    case unlimited
    /// This layer and less.
    case upTo(TrackLayer)
    /// Nothing.
    case paused

    /// The highest layer that is allowed.
    var limit: TrackLayer {
        switch self {
        case .unlimited, .paused: .highest
        case .upTo(let layer): layer
        }
    }
}
