import MediaCore

// What becomes of a gap.
extension VideoJitterBuffer {
    /// No repair is this fast, but a request may go out: what comes too late still teaches how long to
    /// wait.
    private static let shortestGap: Duration = .milliseconds(10)
    /// A path that was silent for so long has lost the requests that were made.
    private static let silence: Duration = .milliseconds(300)
    /// So much media missing in one piece, in so many packets, is not repeated but begun anew.
    private static let (outage, outagePackets) = (Duration.milliseconds(250), Int64(30))

    /// When the gap is left by a detour, or a key frame is asked for.
    var gapDeadline: MonotonicTime? {
        guard case .assembling = state, let gap else { return nil }
        if let detour { return max(detour.due, gap.since + Self.shortestGap) }
        return gap.isAskedFor ? nil : gap.since + patience
    }

    /// Long enough for four requests and for repairs that come from further away than the sender, as through
    /// a room; short enough that a key frame is not the slower way.
    private var patience: Duration {
        let own = max(
            min(roundTrip * 4 + .milliseconds(100), .seconds(1)), roundTrip * 2 + .milliseconds(150))
        return max(own, min(repairs.usual * 3 / 2 + .milliseconds(50), .seconds(1)))
    }

    mutating func noteGap(at now: MonotonicTime) {
        guard case .assembling = state else { return }
        guard gap?.sequence != cursor else { return }
        if let gap { close(gap, at: now) }
        detour = nil
        guard highest > cursor else { return gap = nil }
        gap = VideoGap(sequence: cursor, since: firstArrivalBehindCursor ?? now)
    }

    private var firstArrivalBehindCursor: MonotonicTime? {
        var sequence = cursor + 1
        while sequence <= highest {
            if let packet = ring.packet(sequence) { return packet.arrival }
            sequence += 1
        }
        return nil
    }

    /// What was missing has come, so the key frame that was asked for is not needed any more.
    private mutating func close(_ gap: VideoGap, at now: MonotonicTime) {
        repairs.receive(now - gap.since)
        if gap.isAskedFor, !isBroken { keyframes.fulfil() }
    }

    /// Looks for a whole picture behind the gap that needs nothing of what is missing.
    mutating func findDetour() {
        guard gap != nil, detour == nil else { return }
        var sequence = cursor + 1
        while sequence <= highest {
            if let packet = ring.packet(sequence), isWayOn(packet, at: sequence), isWhole(from: sequence) {
                // Before the first picture nothing is known about time.
                detour = (sequence, delay.due(packet.timestamp) ?? packet.arrival)
                return
            }
            sequence += 1
        }
    }

    /// Whether a picture that can be decoded without what is missing begins with this packet.
    private func isWayOn(_ packet: VideoPacketRing.Packet, at sequence: Int64) -> Bool {
        guard let info = packet.info, info.startsFrame, info.isKeyframe || !isBroken,
            layers.canFollow(info)
        else { return false }
        switch depacketizer {
        case .vp8, .vp9: return true
        // Several packets look like a first one here: only the end of the picture before it proves it.
        case .h264, .av1: return ring.packet(sequence - 1)?.marker ?? false
        }
    }

    private func isWhole(from start: Int64) -> Bool {
        var sequence = start
        while let packet = ring.packet(sequence) {
            if packet.marker { return true }
            sequence += 1
        }
        return false
    }

    /// The missing packet does not come in time: goes on behind it, or asks for a key frame.
    mutating func leaveGap(at now: MonotonicTime) {
        if let detour {
            statistics.abandonedGaps += 1
            skip(to: detour.start)
            takeFrames(at: now)
            findDetour()
        } else {
            gap?.isAskedFor = true
            keyframes.request(at: now)
            // One may be here already, if not whole.
            if isKeyframeArriving { keyframes.postpone(at: now) }
        }
    }

    private var isKeyframeArriving: Bool {
        guard cursor < highest else { return false }
        return (cursor + 1...highest).contains { ring.packet($0)?.info?.isKeyframe ?? false }
    }

    /// Goes on at `start` and remembers what depends on the pictures before it.
    private mutating func skip(to start: Int64) {
        let begin = frameStart ?? cursor
        var last: UInt32?
        var seen: UInt16 = 0
        for sequence in begin..<start {
            guard let packet = ring.packet(sequence), let info = packet.info, packet.timestamp != last else {
                continue
            }
            last = packet.timestamp
            seen += 1
            layers.lost(info)
        }
        if let before = lastPictureID, let after = ring.packet(start)?.info?.pictureID {
            // Numbers have 7 bits at least.
            let missing = (after &- before &- 1) & 0x7F
            if missing != seen { layers.lostUnknown() }
            statistics.droppedFrames += Int(missing)
        } else {
            layers.lostUnknown()
            statistics.droppedFrames += 1
        }
        skipped = begin..<start
        self.begin(at: start)
    }

    /// A packet came after its turn; one of a picture that was skipped teaches to wait longer.
    mutating func noteLate(_ sequence: Int64, timestamp: UInt32, at now: MonotonicTime) {
        statistics.latePackets += 1
        guard skipped.contains(sequence), timestamp != lastLate else { return }
        lastLate = timestamp
        delay.receive(late: timestamp, at: now)
    }

    /// The path may have stood still before this packet.
    mutating func noteSilence(before sequence: Int64, timestamp: UInt32, at now: MonotonicTime) {
        let silent = lastArrival.map { now - $0 } ?? .zero
        lastArrival = now
        if case .assembling = state, sequence - highest > Self.outagePackets,
            let newest = ring.timestamp(highest)
        {
            let ticks = Int64(Int32(bitPattern: timestamp &- newest))
            guard ticks * 1_000 / Int64(codec.clockRate) >= Int64(Self.outage.inMilliseconds) else { return }
            statistics.abandonedGaps += 1
            search(from: sequence)
            keyframes.urge(at: now)
        } else if silent >= Self.silence, keyframes.isWaiting {
            keyframes.urge(at: now)
        }
    }
}
