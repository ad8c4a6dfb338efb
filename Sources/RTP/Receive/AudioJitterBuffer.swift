package import MediaCore

/// What the decoder is to do for the next stretch of sound.
package enum AudioJitterOutput: Sendable {
    /// Decode this packet.
    case packet(ReceivedAudioPacket)
    /// Conceal one packet that did not come; the packet after it may carry a copy (RFC 6716 §2.1.7).
    case lost(fecFrom: ReceivedAudioPacket?)
    /// Nothing to decode.
    case silence(AudioSilence)
}

/// Why there is nothing to decode.
package enum AudioSilence: Sendable, Hashable {
    /// The stream has not begun, or waits until enough of it is there.
    case waiting
    /// The sender pauses because nobody speaks; comfort noise is in place.
    case discontinuous
}

/// What happened to the sound of one stream.
package struct AudioJitterStatistics: Sendable, Hashable {
    /// Packets played.
    package var played = 0
    /// Packets concealed: lost, or late by more than the delay.
    package var concealed = 0
    /// Of those, with a copy in the packet that followed.
    package var recoveredByFEC = 0
    /// Packets that came after their turn.
    package var late = 0
    /// Packets that came twice.
    package var duplicate = 0
    /// Packets left out to catch up.
    package var skipped = 0
    /// Packets' lengths of sound added to fall back.
    package var stretched = 0
    /// Packets that found the buffer full and pushed out the oldest.
    package var overflowed = 0
}

/// Turns the uneven arrival of a sound stream into an even supply, with as little delay as the path
/// allows.
///
/// The speaker thread puts packets in as they come and calls `next(at:)` whenever it has played
/// what it got. The delay follows `AudioDelayEstimator`; it grows by an underrun or by concealing
/// one quiet packet more, and shrinks by leaving a quiet packet out, so that speech itself is
/// hardly ever touched. A pause of the sender (DTX) shows as a jump of the timestamp: the stream
/// then starts anew, at the delay that is right by now.
package struct AudioJitterBuffer: Sendable {
    /// Packets held, at most: two seconds.
    package static let capacity = 100
    /// Packets concealed in a row before the stream counts as interrupted.
    private static let longestConcealment = 6
    /// Calls between two corrections of the delay.
    private static let correctionPause = 25

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
    private var callsSinceCorrection = 0
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
        estimator.receive(timestamp: packet.timestamp, at: packet.arrival)
    }

    /// The next packet's worth of sound. Called when the last one has been played, about every 20 ms.
    package mutating func next(at now: MonotonicTime) -> AudioJitterOutput {
        guard let head = packets.first else { return runDry() }
        guard isPlaying, let expected = nextSequence else { return begin(with: head, at: now) }
        if head.sequence > expected { return conceal(before: head, at: now) }
        // RFC 7587 §4.2: timestamps run on while the sender pauses, sequence numbers do not.
        if head.timestamp > nextTimestamp + 240 || head.timestamp < nextTimestamp - 240 {
            isPlaying = false
            return begin(with: head, at: now)
        }
        return correct(head, at: now) ?? play(at: now)
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
        statistics.played += 1
        callsSinceCorrection += 1
        return .packet(packet)
    }

    /// The packet whose turn it is did not come, but a later one did.
    private mutating func conceal(before head: ReceivedAudioPacket, at now: MonotonicTime)
        -> AudioJitterOutput
    {
        guard let expected = nextSequence, concealedInRow < Self.longestConcealment else {
            isPlaying = false
            return begin(with: head, at: now)
        }
        // The delay is too short, and here nobody hears it grow: what is missing may still come.
        if callsSinceCorrection >= Self.correctionPause, let surplus = surplus(of: head, at: now),
            surplus < .milliseconds(-30)
        {
            return stretch()
        }
        nextSequence = expected + 1
        nextTimestamp += Int64(head.sampleCount)
        concealedInRow += 1
        statistics.concealed += 1
        guard head.sequence == expected + 1 else { return .lost(fecFrom: nil) }
        nextTimestamp = head.timestamp
        statistics.recoveredByFEC += 1
        return .lost(fecFrom: head)
    }

    /// Nothing is here. Concealing now delays what comes later, which is how the delay grows.
    private mutating func runDry() -> AudioJitterOutput {
        guard isPlaying else { return .silence(isPaused ? .discontinuous : .waiting) }
        guard !isPaused else {
            isPlaying = false
            return .silence(.discontinuous)
        }
        concealedInRow += 1
        guard concealedInRow <= Self.longestConcealment else {
            isPlaying = false
            return .silence(.waiting)
        }
        statistics.concealed += 1
        return .lost(fecFrom: nil)
    }

    /// Brings the delay nearer to its target, at a quiet packet if it can wait for one.
    private mutating func correct(_ head: ReceivedAudioPacket, at now: MonotonicTime) -> AudioJitterOutput? {
        guard callsSinceCorrection >= Self.correctionPause, let surplus = surplus(of: head, at: now)
        else { return nil }
        if surplus > .milliseconds(200) || (surplus > .milliseconds(30) && head.isQuiet), packets.count > 1 {
            callsSinceCorrection = surplus > .milliseconds(200) ? Self.correctionPause - 5 : 0
            statistics.skipped += 1
            packets.removeFirst()
            return play(at: now)
        }
        return surplus < .milliseconds(-30) && head.isQuiet ? stretch() : nil
    }

    /// Conceals once without using up a packet.
    private mutating func stretch() -> AudioJitterOutput {
        callsSinceCorrection = 0
        statistics.stretched += 1
        return .lost(fecFrom: nil)
    }

    /// How much longer than wanted a packet has waited, if it were played now.
    private func surplus(of packet: ReceivedAudioPacket, at now: MonotonicTime) -> Duration? {
        estimator.expectedArrival(of: packet.timestamp).map { now - $0 - targetDelay }
    }
}
