import MediaCore
import RTP

/// One received stream of a section with all that waits for its packets.
struct ReceiveTrack: Sendable {
    /// Its bookkeeping.
    var stream: ReceiveStream
    /// Simulcast layer, once a packet told it.
    var rid: ShortText?
    /// Whether the session description named the source.
    let isDeclared: Bool
    /// Puts pictures together. Frame mode.
    var video: VideoJitterBuffer?
    /// Codec of the last packet with media.
    private var codec: MediaCodec?
    private var clock = TimestampUnwrapper()
    /// Key frames asked for by the owner.
    var keyframeRequestCount = 0

    /// Half a second: what was said before that is not played any more, and its repeats would hold up the pictures.
    private static let longestGapOfSound = 25

    init(ssrc: SSRC, description: ReceiveDescription, rid: ShortText?, isDeclared: Bool) {
        stream = ReceiveStream(
            ssrc: ssrc, clockRate: description.kind == .audio ? 48_000 : 90_000,
            requestsLost: description.requestsLost,
            longestGap: description.kind == .audio ? Self.longestGapOfSound : NackTracker.maximumOutstanding)
        self.rid = rid
        self.isDeclared = isDeclared
    }

    var ssrc: SSRC { stream.ssrc }

    /// Puts a packet of pictures in its place.
    mutating func receiveVideo(
        _ header: RTPHeader, codec: MediaCodec, sequence: Int64, payload: Span<UInt8>, at now: MonotonicTime,
        roundTrip: Duration?
    ) {
        if video == nil || (codec != self.codec && !payload.isEmpty) {
            video = VideoJitterBuffer(codec: codec)
            if let roundTrip { video?.update(roundTrip: roundTrip) }
            self.codec = codec
        }
        video?.receive(
            sequence: sequence, timestamp: header.timestamp, marker: header.marker, payload: payload, at: now)
    }

    /// A packet of sound with its extended numbers; `nil` when it is not Opus.
    mutating func makeAudioPacket(
        _ accepted: AcceptedPacket, isCopy: Bool, timestamp: UInt32, payload: Span<UInt8>,
        at now: MonotonicTime
    ) -> ReceivedAudioPacket? {
        guard let opus = OpusPayload(parsing: payload) else { return nil }
        var bytes: [UInt8] = []
        bytes.append(payload)
        return ReceivedAudioPacket(
            sequence: accepted.sequence, timestamp: clock.unwrap(timestamp), arrival: now, bytes: bytes,
            sampleCount: opus.sampleCount, isRepeat: accepted.isRepeat, isCopy: isCopy)
    }

    /// Tells everything that waits how long an answer takes.
    mutating func update(roundTrip: Duration) {
        stream.update(roundTrip: roundTrip)
        video?.update(roundTrip: roundTrip)
    }

    /// When something here has to be done.
    var nextDeadline: Deadline? {
        Deadline.earliest(
            stream.nextDeadline.map { Deadline($0, .nack) },
            video?.nextDeadline.map { Deadline($0, .jitter) })
    }
}
