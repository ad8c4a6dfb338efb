package import MediaCore

/// Turns the uneven arrival of a sound stream into an even supply, with as little delay as the path
/// allows.
///
/// The speaker thread puts packets in as they come and calls `next(at:)` whenever it has played
/// what it got. The delay follows `AudioDelayEstimator`: packets are played a little faster or
/// slower, and when nothing is there what was heard last is drawn out. Both add or take whole
/// periods of the sound, so that a voice keeps its pitch and a tone its phase; packets are left out
/// only when half a second too many wait. Two clocks that drift apart are nothing but a slow change
/// of the delay. A pause of the sender (DTX) shows as a jump of the timestamp: the stream then
/// starts anew, at the delay that is right by now.
package struct AudioJitterBuffer: Sendable {
    /// Packets held, at most: two seconds.
    package static let capacity = 100
    /// Packets concealed in a row before the stream counts as interrupted.
    private static let longestConcealment = 6
    /// Times the last sound is drawn out, about 10 ms each, before the stream counts as interrupted.
    private static let longestWait = 16
    /// Packets between two corrections of the delay: single ones are hardly heard.
    private static let correctionPause = 3
    /// A delay this far from its target is let be: the speaker's own period is half of it.
    private static let tolerance: Duration = .milliseconds(15)
    /// The same in parts of the target: on a path that jitters the target does so too.
    private static let toleratedPart = 4
    /// Packets in a row that have to be heard too early before that is corrected where it may be heard, half a second:
    /// the next late one would leave a gap.
    private static let patience = 25
    /// The same for too late, three seconds, in which a voice pauses. Being late a little longer is not heard.
    private static let longPatience = 150
    /// So much too late, sound is played faster even where that is heard.
    private static let urgentSurplus: Duration = .milliseconds(400)
    /// So much too late, playing faster would take too long.
    private static let hopelessSurplus: Duration = .milliseconds(500)

    /// Waiting packets in rising order.
    private var packets: [ReceivedAudioPacket] = []
    private var estimator = AudioDelayEstimator()
    /// The packet whose turn it is; `nil` before the first one was played.
    private var nextSequence: Int64?
    /// Its timestamp, if the sender does not pause.
    private var nextTimestamp: Int64 = 0
    /// Whether sound runs, and not waits for its start.
    private var isPlaying = false
    /// Whether the last packet played announced a pause.
    private var isPaused = false
    /// Packets concealed since the last one that was there.
    private var concealedInRow = 0
    /// Times the last sound was drawn out since the last packet.
    private var drawnOutInRow = 0
    /// Packets in a row whose delay was too far from the target.
    private var packetsOutside = 0
    /// What happened so far.
    package private(set) var statistics = AudioJitterStatistics()
    /// How long packets have waited lately from the arrival of the fastest, smoothed.
    private var currentDelay: Duration = .zero
    /// How much later pictures are ready than the sound that belongs to them is heard now, so that
    /// sound waits for them; `nil` when there are none.
    package var pictureLag: Duration?

    /// Makes an empty buffer.
    package init() {
        packets.reserveCapacity(Self.capacity + 1)
    }

    /// How long packets wait from the arrival of the fastest.
    package var targetDelay: Duration {
        guard let pictureLag else { return estimator.target }
        return max(estimator.target, min(currentDelay + pictureLag, AudioDelayEstimator.maximum))
    }

    /// Packets that wait.
    package var count: Int { packets.count }

    /// Takes a packet from the network.
    package mutating func receive(_ packet: ReceivedAudioPacket) {
        if !packet.isRepeat { learn(packet) }
        if let nextSequence, packet.sequence < nextSequence {
            statistics.late += 1
            return
        }
        let index = (packets.lastIndex { $0.sequence <= packet.sequence }).map { $0 + 1 } ?? 0
        if index > 0, packets[index - 1].sequence == packet.sequence {
            statistics.duplicate += 1
            return
        }
        packets.insert(packet, at: index)
        guard packets.count > Self.capacity else { return }
        packets.removeFirst()
        statistics.overflowed += 1
        isPlaying = false
    }

    private mutating func learn(_ packet: ReceivedAudioPacket) {
        if let newest = packets.last?.timestamp ?? (nextSequence == nil ? nil : nextTimestamp),
            (packet.timestamp - newest).magnitude > 480_000
        {
            // Ten seconds apart: the sender's clock jumped, and old lateness would say nothing.
            estimator.resetClock()
        }
        estimator.receive(timestamp: packet.timestamp, isCopy: packet.isCopy, at: packet.arrival)
    }

    /// The next packet's worth of sound; `now` is when it will be played.
    package mutating func next(at now: MonotonicTime) -> AudioJitterOutput {
        guard let head = packets.first else { return runDry() }
        guard isPlaying, let expected = nextSequence else { return begin(with: head, at: now) }
        if head.sequence > expected { return conceal(before: head, at: now) }
        // RFC 7587 §4.2: timestamps run on while the sender pauses, sequence numbers do not.
        if head.timestamp > nextTimestamp + 240 || head.timestamp < nextTimestamp - 240 {
            isPlaying = false
            return begin(with: head, at: now)
        }
        skipHopeless(at: now)
        return play(at: now)
    }

    /// Waits until `head` has reached the delay, then plays it.
    private mutating func begin(with head: ReceivedAudioPacket, at now: MonotonicTime) -> AudioJitterOutput {
        let fastest = min(estimator.expectedArrival(of: head.timestamp) ?? head.arrival, head.arrival)
        let isFull = packets.count >= Self.capacity / 2
        // The first packet of all needs no more than its own length of time: nothing else is known
        // yet.
        guard now >= fastest + (targetDelay - AudioDelayEstimator.minimum / 2) || isFull else {
            return .silence(isPaused ? .discontinuous : .waiting)
        }
        isPlaying = true
        return play(at: now)
    }

    private mutating func play(at now: MonotonicTime) -> AudioJitterOutput {
        let packet = packets.removeFirst()
        if let fastest = estimator.expectedArrival(of: packet.timestamp) {
            currentDelay += (max(now - fastest, .zero) - currentDelay) / 8
        }
        nextSequence = packet.sequence + 1
        nextTimestamp = packet.timestamp + Int64(packet.sampleCount)
        isPaused = packet.isDiscontinuous
        concealedInRow = 0
        drawnOutInRow = 0
        statistics.played += 1
        return .packet(packet, tempo(at: packet.timestamp, now))
    }

    /// The packet whose turn it is did not come, but a later one did.
    private mutating func conceal(before head: ReceivedAudioPacket, at now: MonotonicTime)
        -> AudioJitterOutput
    {
        guard let expected = nextSequence, concealedInRow < Self.longestConcealment else {
            isPlaying = false
            return begin(with: head, at: now)
        }
        // The delay is shorter than it should be, so what is missing may still come in time.
        if let surplus = surplus(at: nextTimestamp, now), surplus < .zero - Self.tolerance,
            drawnOutInRow < Self.longestWait
        {
            return drawOut()
        }
        let tempo = tempo(at: nextTimestamp, now)
        nextSequence = expected + 1
        nextTimestamp += Int64(head.sampleCount)
        concealedInRow += 1
        drawnOutInRow = 0
        statistics.concealed += 1
        guard head.sequence == expected + 1 else { return .lost(fecFrom: nil, tempo) }
        nextTimestamp = head.timestamp
        statistics.recoveredByFEC += 1
        return .lost(fecFrom: head, tempo)
    }

    /// Nothing is here. What is played instead delays all that comes later.
    private mutating func runDry() -> AudioJitterOutput {
        guard isPlaying else { return .silence(isPaused ? .discontinuous : .waiting) }
        guard !isPaused else {
            isPlaying = false
            return .silence(.discontinuous)
        }
        guard drawnOutInRow < Self.longestWait else {
            isPlaying = false
            return .silence(.waiting)
        }
        return drawOut()
    }

    private mutating func drawOut() -> AudioJitterOutput {
        drawnOutInRow += 1
        statistics.drawnOut += 1
        return .late
    }

    /// Brings the delay nearer to its target.
    private mutating func tempo(at timestamp: Int64, _ now: MonotonicTime) -> AudioTempo {
        guard let surplus = surplus(at: timestamp, now) else { return .even }
        // What the last packets needed, those to come may need too.
        let reserve = max(estimator.recent - targetDelay, .zero)
        if surplus > Self.urgentSurplus + reserve { return count(.faster(.anywhere)) }
        let isLate = surplus > Self.tolerance + max(targetDelay / Self.toleratedPart, reserve)
        let isEarly = surplus < .zero - Self.tolerance
        packetsOutside = isLate || isEarly ? packetsOutside + 1 : 0
        let patience = isLate ? Self.longPatience : Self.patience
        let isHeard = packetsOutside >= patience && packetsOutside % Self.correctionPause == 0
        let place: AudioTempoPlace = isHeard ? .repetition : .pause
        if isLate { return count(.faster(place)) }
        return isEarly ? count(.slower(place)) : .even
    }

    private mutating func count(_ tempo: AudioTempo) -> AudioTempo {
        switch tempo {
        case .even, .faster(.pause), .slower(.pause): break
        case .faster: statistics.hastened += 1
        case .slower: statistics.slowed += 1
        }
        return tempo
    }

    /// Leaves packets out when far too many wait: nobody wants to talk half a second behind.
    private mutating func skipHopeless(at now: MonotonicTime) {
        while packets.count > 1, let head = packets.first, let surplus = surplus(at: head.timestamp, now),
            surplus > Self.hopelessSurplus
        {
            packets.removeFirst()
            statistics.skipped += 1
        }
    }

    /// How much longer than wanted the sound at `timestamp` has waited, if it is played now.
    private func surplus(at timestamp: Int64, _ now: MonotonicTime) -> Duration? {
        estimator.expectedArrival(of: timestamp).map { now - $0 - targetDelay }
    }
}
