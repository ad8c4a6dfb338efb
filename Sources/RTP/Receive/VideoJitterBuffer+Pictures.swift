import MediaCore

// From packets in order to pictures.
extension VideoJitterBuffer {
    /// False when the packet is too old; a packet too far ahead ends the wait for what lies before
    /// it.
    mutating func makeRoom(for sequence: Int64, at now: MonotonicTime) -> Bool {
        switch state {
        case .searching(let from): return sequence >= from && sequence > highest - Int64(Self.capacity)
        case .assembling:
            guard sequence >= frameStart ?? cursor else { return false }
            guard sequence - (frameStart ?? cursor) >= Int64(Self.capacity) else { return true }
            statistics.abandonedGaps += 1
            search(from: sequence - Int64(Self.capacity) / 2)
            keyframes.request(at: now)
            return true
        }
    }

    /// Goes on with the picture that begins with this packet.
    mutating func begin(at sequence: Int64) {
        state = .assembling
        cursor = sequence
        frameStart = nil
        gap = nil
        detour = nil
    }

    /// Goes on with whatever key frame begins here or later.
    mutating func search(from sequence: Int64) {
        state = .searching(from: sequence)
        isBroken = true
        frameStart = nil
        gap = nil
        detour = nil
    }

    /// Walks from the cursor over what is there, and takes each picture on the way.
    mutating func takeFrames(at now: MonotonicTime) {
        while case .assembling = state, let packet = ring.packet(cursor) {
            if let start = frameStart, packet.info != nil, packet.timestamp != ring.timestamp(start) {
                // The marker of the picture before is missing, but nothing of it is.
                finishFrame(start..<cursor, at: now)
                continue
            }
            cursor += 1
            guard packet.info != nil else { continue }
            let start = frameStart ?? cursor - 1
            frameStart = start
            if packet.marker { finishFrame(start..<cursor, at: now) }
        }
        noteGap(at: now)
    }

    /// Takes the picture in `range`, or drops it when it cannot be decoded.
    private mutating func finishFrame(_ range: Range<Int64>, at now: MonotonicTime) {
        frameStart = nil
        guard let first = ring.packet(range.lowerBound), let info = first.info else { return }
        let isKeyframe = ring.isKeyframe(range)
        lastPictureID = info.pictureID
        guard info.startsFrame, isKeyframe || !isBroken else { return drop(at: now) }
        guard layers.isUsable(info) else {
            layers.lost(info)
            statistics.droppedFrames += 1
            return
        }
        var bytes: [UInt8] = []
        guard ring.assemble(range, by: depacketizer, into: &bytes) else { return drop(at: now) }
        if isKeyframe {
            isBroken = false
            keyframes.fulfil()
            statistics.keyframes += 1
        }
        statistics.frames += 1
        layers.decoded(info)
        playout.append(
            EncodedFrame(
                codec: codec, bytes: bytes, isKeyframe: isKeyframe, timestamp: first.timestamp,
                captureTime: first.arrival,
                presentAt: delay.receive(timestamp: first.timestamp, completeAt: now)))
    }

    /// A whole picture that no decoder can use: without it the following ones are useless too.
    private mutating func drop(at now: MonotonicTime) {
        statistics.droppedFrames += 1
        isBroken = true
        keyframes.request(at: now)
    }
}
