package import MediaCore

/// What the video jitter buffer wants done.
package enum VideoJitterOutput: Sendable {
    /// This picture is the next one to decode.
    case frame(EncodedFrame)
    /// The sender is to be asked for a key frame.
    case keyframeNeeded
}

/// Puts the packets of a video stream in order, joins them into pictures and hands out those that
/// can be decoded, evenly.
///
/// **Order.** A packet goes into a ring by its sequence number. From `cursor` on, packets are taken in
/// strict order; when those of one picture are complete, it is assembled, so that a decoder never sees
/// a gap.
///
/// **Time.** A picture waits until it is due: as long as pictures of this path usually need to be
/// complete, repairs included (`VideoDelayEstimator`).
///
/// **Gaps.** A gap holds everything behind it up until the missing packet comes. There are three ways
/// on without it. A picture behind the gap that does not need what is missing, a key frame or one of
/// another temporal layer, is taken when it is due. When there is none after `patience`, a key frame is
/// asked for, with growing pauses, and what is missing is still waited for: whichever comes first ends
/// the gap. And when the path stood still for so long that repeating everything would take longer than
/// a key frame, that is asked for at once.
///
/// Packets without payload (probing, RFC 3550 §5.1 padding) fill their place in the order and carry
/// nothing.
package struct VideoJitterBuffer: Sendable {
    /// Packets held, at most; a power of two.
    package static let capacity = 1_024
    /// A stream that begins in mid-picture may just be out of order.
    private static let startWait: Duration = .milliseconds(50)

    enum State: Sendable {
        /// Nothing can be decoded before a key frame, which may begin at this number or later.
        case searching(from: Int64)
        /// Pictures are taken from `cursor` on.
        case assembling
    }

    var ring = VideoPacketRing(capacity: Self.capacity)
    var state = State.searching(from: .min)
    /// First packet that is not known to be there, while assembling.
    var cursor: Int64 = 0
    /// First packet of the picture that is being put together.
    var frameStart: Int64?
    /// Newest packet.
    var highest: Int64 = 0
    /// When a packet came last.
    var lastArrival: MonotonicTime?
    /// The missing packet that everything waits for.
    var gap: VideoGap?
    /// Whether nothing can be decoded any more, whatever is repeated, before a key frame comes.
    var isBroken = true
    /// How long repairs take.
    var repairs = RepairTime()
    /// First packet of a picture behind the gap that needs nothing of what is missing, and when that
    /// picture is due.
    var detour: (start: Int64, due: MonotonicTime)?
    /// Packets that were not waited for.
    var skipped: Range<Int64> = 0..<0
    /// The picture of which a packet came too late, as its timestamp.
    var lastLate: UInt32?
    /// Number of the last picture walked over.
    var lastPictureID: UInt16?
    var layers: TemporalLayers
    var roundTrip: Duration = .milliseconds(70)
    let codec: MediaCodec
    let depacketizer: VideoDepacketizer
    var keyframes = KeyframeRequester()
    var delay: VideoDelayEstimator
    var playout = VideoPlayoutQueue()
    private var outputs: [VideoJitterOutput] = []
    private var nextOutputIndex = 0
    /// What happened so far.
    package internal(set) var statistics = VideoJitterStatistics()

    /// Makes a buffer for a stream of `codec` that begins with a key frame; `nil` when it is not
    /// video.
    package init?(codec: MediaCodec) {
        guard let depacketizer = VideoDepacketizer.make(for: codec) else { return nil }
        self.codec = codec
        self.depacketizer = depacketizer
        delay = VideoDelayEstimator(clockRate: codec.clockRate)
        layers = TemporalLayers(codec: codec)
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
        noteSilence(before: sequence, timestamp: timestamp, at: now)
        guard makeRoom(for: sequence, at: now) else {
            return noteLate(sequence, timestamp: timestamp, at: now)
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
            keyframes.postpone(at: now)
        }
        takeFrames(at: now)
        if gap?.isAskedFor ?? false, let info, info.startsFrame, info.isKeyframe {
            keyframes.postpone(at: now)
        }
        if marker || sequence < highest { findDetour() }
        if detour != nil, let gapDeadline, gapDeadline <= now { leaveGap(at: now) }
        release(at: now)
    }

    /// Asks for a key frame because the decoder cannot go on; pictures until then are dropped.
    package mutating func requestKeyframe(at now: MonotonicTime) {
        guard !playout.dropToKeyframe() else { return }
        isBroken = true
        keyframes.request(at: now)
    }

    /// Says how long an answer to a request takes.
    package mutating func update(roundTrip: Duration) {
        self.roundTrip = roundTrip
        keyframes.update(roundTrip: roundTrip)
    }

    /// Hands out what is due, gives up a gap and repeats requests when it is time.
    package mutating func advance(to now: MonotonicTime) {
        if let gapDeadline, gapDeadline <= now { leaveGap(at: now) }
        release(at: now)
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

    private mutating func release(at now: MonotonicTime) {
        while let frame = playout.next(at: now) { outputs.append(.frame(frame)) }
    }

    /// When `advance(to:)` has something to do.
    package var nextDeadline: MonotonicTime? {
        let next = Self.earlier(gapDeadline, keyframes.nextDeadline)
        return Self.earlier(next, playout.nextDeadline)
    }

    private static func earlier(_ first: MonotonicTime?, _ second: MonotonicTime?) -> MonotonicTime? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
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
        isBroken
    }
}
