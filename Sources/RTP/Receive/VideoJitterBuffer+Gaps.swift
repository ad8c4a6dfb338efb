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

    /// When the gap is left, by detour or for good.
    var gapDeadline: MonotonicTime? {
        guard case .assembling = state, let gap else { return nil }
        let end = gap.since + patience
        guard let detour else { return end }
        return min(end, max(detour.due, gap.since + Self.shortestGap))
    }

    /// Long enough for four requests, short enough that a key frame is not the slower way.
    private var patience: Duration {
        max(min(roundTrip * 4 + .milliseconds(100), .seconds(1)), roundTrip * 2 + .milliseconds(150))
    }

    mutating func noteGap(at now: MonotonicTime) {
        guard case .assembling = state, highest > cursor else {
            gap = nil
            detour = nil
            return
        }
        guard gap?.sequence != cursor else { return }
        gap = (cursor, now)
        detour = nil
    }

    /// Looks for a whole picture behind the gap that needs nothing of what is missing.
    mutating func findDetour() {
        guard gap != nil, detour == nil else { return }
        var sequence = cursor + 1
        while sequence <= highest {
            if let packet = ring.packet(sequence), isWayOn(packet, at: sequence), isWhole(from: sequence) {
                detour = delay.due(packet.timestamp).map { (sequence, $0) }
                return
            }
            sequence += 1
        }
    }

    /// Whether a picture that can be decoded without what is missing begins with this packet.
    private func isWayOn(_ packet: VideoPacketRing.Packet, at sequence: Int64) -> Bool {
        guard let info = packet.info, info.startsFrame, info.isKeyframe || !keyframes.isWaiting,
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
        statistics.abandonedGaps += 1
        if let detour {
            skip(to: detour.start)
            takeFrames(at: now)
            findDetour()
        } else {
            statistics.droppedFrames += 1
            search(from: cursor + 1)
            keyframes.request(at: now)
            // A key frame may be here already, if not whole.
            takeKeyframe(at: now)
        }
    }

    private mutating func takeKeyframe(at now: MonotonicTime) {
        var sequence = cursor + 1
        while sequence <= highest {
            if let packet = ring.packet(sequence), packet.info?.isKeyframe ?? false,
                isWayOn(packet, at: sequence)
            {
                begin(at: sequence)
                keyframes.postpone(at: now)
                return takeFrames(at: now)
            }
            sequence += 1
        }
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
