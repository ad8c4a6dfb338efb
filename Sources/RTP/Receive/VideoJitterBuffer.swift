package import MediaCore

/// What the video jitter buffer wants done.
package enum VideoJitterOutput: Sendable {
    /// This picture is the next one to decode.
    case frame(EncodedFrame)
    /// The sender is to be asked for a key frame.
    case keyframeNeeded
}

/// Puts the packets of a video stream in order, joins them into pictures and hands out those that
/// can be decoded.
///
/// Flow: a packet goes into a ring by its sequence number. From `cursor` on, packets are taken in
/// strict order; when those of one picture are complete, it is assembled and handed out, so that a
/// decoder never sees a gap. A gap holds everything behind it up until the missing packet comes.
/// After `patience` it is given up: the buffer goes on at a picture that does not need the lost
/// one, or else searches for a key frame and asks for it with growing pauses.
///
/// Packets without payload (probing, RFC 3550 §5.1 padding) fill their place in the order and carry
/// nothing.
package struct VideoJitterBuffer: Sendable {
    /// Packets held, at most; a power of two.
    package static let capacity = 1_024
    /// A stream that begins in mid-picture may just be out of order.
    private static let startWait: Duration = .milliseconds(50)

    private enum State: Sendable {
        /// Nothing can be decoded before a key frame, which may begin at this number or later.
        case searching(from: Int64)
        /// Pictures are taken from `cursor` on.
        case assembling
    }

    private var ring = VideoPacketRing(capacity: Self.capacity)
    private var state = State.searching(from: .min)
    /// First packet that is not known to be there, while assembling.
    private var cursor: Int64 = 0
    /// First packet of the picture that is being put together.
    private var frameStart: Int64?
    /// Newest packet.
    private var highest: Int64 = 0
    /// The missing packet that everything waits for, and since when.
    private var gap: (sequence: Int64, since: MonotonicTime)?
    /// A key frame that begins behind the gap: it is then not worth waiting long.
    private var keyframeBehindGap: Int64?
    private var lastTL0PictureIndex: UInt8?
    private var roundTrip: Duration = .milliseconds(70)
    private let codec: MediaCodec
    private let depacketizer: VideoDepacketizer
    private var keyframes = KeyframeRequester()
    private var delay: VideoDelayEstimator
    private var outputs: [VideoJitterOutput] = []
    private var nextOutputIndex = 0
    /// What happened so far.
    package private(set) var statistics = VideoJitterStatistics()

    /// Makes a buffer for a stream of `codec` that begins with a key frame; `nil` when it is not
    /// video.
    package init?(codec: MediaCodec) {
        guard let depacketizer = VideoDepacketizer.make(for: codec) else { return nil }
        self.codec = codec
        self.depacketizer = depacketizer
        delay = VideoDelayEstimator(clockRate: codec.clockRate)
    }

    /// Takes a packet that is not known to be a duplicate; `payload` is empty for padding.
    package mutating func receive(
        sequence: Int64, timestamp: UInt32, marker: Bool, payload: Span<UInt8>, at now: MonotonicTime
    ) {
        var info: PayloadInfo?
        if payload.isEmpty {
            statistics.paddingPackets += 1
        } else {
            info = depacketizer.inspect(payload, marker: marker)
            guard info != nil else {
                // Its place stays empty: a picture with a hole would look whole.
                statistics.malformedPackets += 1
                return
            }
        }
        guard makeRoom(for: sequence, at: now) else {
            statistics.latePackets += 1
            return
        }
        guard
            ring.store(
                sequence, timestamp: timestamp, marker: marker, info: info, payload: payload, arrival: now)
        else {
            statistics.duplicatePackets += 1
            return
        }
        highest = max(highest, sequence)
        if case .searching(let from) = state {
            guard sequence >= from, let info else { return }
            guard info.startsFrame, info.isKeyframe else {
                return keyframes.request(at: now, after: from == .min ? Self.startWait : .zero)
            }
            begin(at: sequence)
        } else if let info, info.startsFrame, info.isKeyframe, sequence > cursor {
            keyframeBehindGap = sequence
        }
        takeFrames(at: now)
    }

    /// Asks for a key frame because the decoder cannot go on; pictures until then are dropped.
    package mutating func requestKeyframe(at now: MonotonicTime) {
        keyframes.request(at: now)
    }

    /// Says how long an answer to a request takes.
    package mutating func update(roundTrip: Duration) {
        self.roundTrip = roundTrip
        keyframes.update(roundTrip: roundTrip)
    }

    /// Gives up a gap and repeats requests when it is time.
    package mutating func advance(to now: MonotonicTime) {
        if let gapDeadline, gapDeadline <= now {
            abandonGap(at: now)
            takeFrames(at: now)
        }
        if keyframes.advance(to: now) { outputs.append(.keyframeNeeded) }
    }

    /// The next thing to do.
    package mutating func nextOutput() -> VideoJitterOutput? {
        guard nextOutputIndex < outputs.count else {
            outputs.removeAll(keepingCapacity: true)
            nextOutputIndex = 0
            return nil
        }
        nextOutputIndex += 1
        return outputs[nextOutputIndex - 1]
    }

    /// When `advance(to:)` has something to do.
    package var nextDeadline: MonotonicTime? {
        guard let gapDeadline else { return keyframes.nextDeadline }
        return min(gapDeadline, keyframes.nextDeadline ?? gapDeadline)
    }

    /// Packets before this one are not waited for.
    package var firstWanted: Int64 {
        switch state {
        case .searching(let from): from
        case .assembling: cursor
        }
    }

    /// How long pictures are held back to be shown evenly.
    package var targetDelay: Duration { delay.target }

    /// Times a key frame was asked for.
    package var keyframeRequestCount: Int { keyframes.requestCount }

    /// Whether no picture can be decoded before a key frame comes.
    package var isWaitingForKeyframe: Bool {
        if case .searching = state { return true }
        return keyframes.isWaiting
    }
}

extension VideoJitterBuffer {
    private var gapDeadline: MonotonicTime? {
        guard case .assembling = state, let gap else { return nil }
        let isShort = (keyframeBehindGap ?? cursor) > cursor
        return gap.since + (isShort ? min(patience, roundTrip + .milliseconds(20)) : patience)
    }

    /// Long enough for four requests, short enough that a key frame is not the slower way.
    private var patience: Duration {
        max(min(roundTrip * 4 + .milliseconds(100), .seconds(1)), roundTrip * 2 + .milliseconds(150))
    }

    /// False when the packet is too old; a packet too far ahead ends the wait for what lies before
    /// it.
    private mutating func makeRoom(for sequence: Int64, at now: MonotonicTime) -> Bool {
        switch state {
        case .searching(let from): return sequence >= from && sequence > highest - Int64(Self.capacity)
        case .assembling:
            guard sequence >= frameStart ?? cursor else { return false }
            guard sequence - (frameStart ?? cursor) >= Int64(Self.capacity) else { return true }
            statistics.abandonedGaps += 1
            search(from: sequence - Int64(Self.capacity) / 2, at: now)
            return true
        }
    }

    private mutating func begin(at sequence: Int64) {
        state = .assembling
        cursor = sequence
        frameStart = nil
        gap = nil
        keyframeBehindGap = nil
    }

    private mutating func search(from sequence: Int64, at now: MonotonicTime) {
        state = .searching(from: sequence)
        frameStart = nil
        gap = nil
        keyframes.request(at: now)
    }

    /// Walks from the cursor over what is there, and hands out each picture on the way.
    private mutating func takeFrames(at now: MonotonicTime) {
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

    private mutating func noteGap(at now: MonotonicTime) {
        guard case .assembling = state, highest > cursor else {
            gap = nil
            return
        }
        if gap?.sequence != cursor { gap = (cursor, now) }
    }

    /// Hands out the picture in `range`, or drops it when it cannot be decoded.
    private mutating func finishFrame(_ range: Range<Int64>, at now: MonotonicTime) {
        frameStart = nil
        guard let first = ring.packet(range.lowerBound), let info = first.info else { return }
        let isKeyframe = ring.isKeyframe(range)
        guard info.startsFrame, isKeyframe || !keyframes.isWaiting else { return drop(at: now) }
        var bytes: [UInt8] = []
        guard ring.assemble(range, by: depacketizer, into: &bytes) else { return drop(at: now) }
        if isKeyframe {
            keyframes.fulfil()
            statistics.keyframes += 1
        }
        statistics.frames += 1
        if info.temporalLayer ?? 0 == 0 { lastTL0PictureIndex = info.tl0PictureIndex }
        let presentAt = delay.receive(timestamp: first.timestamp, completeAt: now)
        outputs.append(
            .frame(
                EncodedFrame(
                    codec: codec, bytes: bytes, isKeyframe: isKeyframe, timestamp: first.timestamp,
                    captureTime: first.arrival, presentAt: presentAt)))
    }

    /// A whole picture that no decoder can use: without it the following ones are useless too.
    private mutating func drop(at now: MonotonicTime) {
        statistics.droppedFrames += 1
        keyframes.request(at: now)
    }

    /// The missing packet does not come: goes on behind it where decoding is possible.
    private mutating func abandonGap(at now: MonotonicTime) {
        statistics.abandonedGaps += 1
        statistics.droppedFrames += 1
        var sequence = cursor + 1
        while sequence <= highest {
            if let info = ring.packet(sequence)?.info, info.startsFrame, info.isKeyframe || canFollow(info) {
                return begin(at: sequence)
            }
            sequence += 1
        }
        search(from: cursor + 1, at: now)
    }

    /// Whether a picture needs nothing since the last base layer picture handed out: then only
    /// upper temporal layers were lost (RFC 7741 §4.2, TL0PICIDX).
    private func canFollow(_ info: PayloadInfo) -> Bool {
        guard !keyframes.isWaiting, let last = lastTL0PictureIndex, let index = info.tl0PictureIndex else {
            return false
        }
        if info.temporalLayer == 0 { return index == last &+ 1 }
        return info.isLayerSync && index == last
    }
}
