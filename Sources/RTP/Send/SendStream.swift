package import MediaCore

/// One stream of packets that we send: numbers them, keeps them for repeats, and writes their wire
/// form.
///
/// A packet is appended when its content is known and written when it leaves, because the header
/// says when that is. Repeats go out on the retransmission stream when one was negotiated (RFC 4588
/// §4), else as they were.
package struct SendStream: Sendable {
    /// What was negotiated for the stream.
    package struct Configuration: Sendable {
        /// The stream's source.
        package var ssrc: SSRC
        /// The source of repeats, if they have their own.
        package var retransmissionSSRC: SSRC?
        /// Payload types of repeats by the payload type that is repeated.
        package var retransmissionTypes: [(original: PayloadType, repeated: PayloadType)]
        /// Ticks of the timestamp per second.
        package var clockRate: Int
        /// Ids of header extensions.
        package var extensions: HeaderExtensionMap
        /// The media section, for the header.
        package var mid: ShortText?
        /// The simulcast layer, for the header.
        package var rid: ShortText?
        /// Packets kept for repeats.
        package var cacheCapacity: Int

        /// Describes a stream.
        package init(
            ssrc: SSRC, retransmissionSSRC: SSRC? = nil,
            retransmissionTypes: [(original: PayloadType, repeated: PayloadType)] = [], clockRate: Int,
            extensions: HeaderExtensionMap = HeaderExtensionMap(), mid: ShortText? = nil,
            rid: ShortText? = nil,
            cacheCapacity: Int = 512
        ) {
            self.ssrc = ssrc
            self.retransmissionSSRC = retransmissionSSRC
            self.retransmissionTypes = retransmissionTypes
            self.clockRate = clockRate
            self.extensions = extensions
            self.mid = mid
            self.rid = rid
            self.cacheCapacity = cacheCapacity
        }
    }

    /// Values of a header that are known when the packet leaves.
    package struct Departure: Sendable {
        /// Number among all packets of the transport, if it is negotiated.
        package var transportSequence: UInt16?
        /// When it leaves.
        package var time: MonotonicTime

        /// Describes a departure.
        package init(transportSequence: UInt16?, time: MonotonicTime) {
            self.transportSequence = transportSequence
            self.time = time
        }
    }

    /// What a packet carries besides its payload, about: header, extensions, authentication.
    static let headerBytes = 40

    /// What was negotiated.
    package private(set) var configuration: Configuration
    var cache: RetransmissionCache
    /// Number of the packet that is added next.
    package private(set) var nextSequence: UInt16
    var nextRepeatSequence: UInt16
    /// The packet that left last.
    package private(set) var lastWritten: (sequence: UInt16, time: MonotonicTime)?
    /// Counts and clock for sender reports.
    package var reporter: SenderReporter
    /// What was counted.
    package internal(set) var statistics = SendStreamStatistics()

    /// Makes a stream that begins at `firstSequence`, which should be random (RFC 3550 §5.1).
    package init(_ configuration: Configuration, firstSequence: UInt16, firstRepeatSequence: UInt16) {
        self.configuration = configuration
        cache = RetransmissionCache(capacity: configuration.cacheCapacity)
        nextSequence = firstSequence
        nextRepeatSequence = firstRepeatSequence
        reporter = SenderReporter(ssrc: configuration.ssrc, clockRate: configuration.clockRate)
    }

    /// Adopts what was negotiated anew; numbers run on.
    package mutating func update(_ configuration: Configuration) {
        self.configuration = configuration
    }

    /// Adds a packet made here; its content is `prefix` and then `payload`. Returns its number. `dependencies` is the
    /// descriptor of the frame it belongs to, if it has one.
    package mutating func append(
        prefix: Span<UInt8>, payload: Span<UInt8>, marker: Bool, timestamp: UInt32, payloadType: PayloadType,
        audioLevel: AudioLevel? = nil, dependencies: Span<UInt8> = Span()
    ) -> UInt16 {
        var header = RTPHeader(
            marker: marker, payloadType: payloadType, sequenceNumber: nextSequence, timestamp: timestamp,
            ssrc: configuration.ssrc)
        header.extensions.audioLevel = audioLevel
        if !dependencies.isEmpty {
            header.extensions.setRawRange(of: .dependencyDescriptor, to: 0..<dependencies.count)
        }
        nextSequence &+= 1
        cache.store(header, opaque: dependencies, prefix: prefix, payload: payload)
        return header.sequenceNumber
    }

    /// Adds a packet of somebody else, whose `header` has its new number, timestamp and payload
    /// type. `original` is the packet the header was parsed from; opaque extensions are copied from
    /// it.
    package mutating func append(forwarded header: RTPHeader, of original: Span<UInt8>, payload: Span<UInt8>)
    {
        var header = header
        header.ssrc = configuration.ssrc
        header.extensions.repairedRid = nil
        let opaque = original.extracting(0..<min(header.headerLength, original.count))
        nextSequence = header.sequenceNumber &+ 1
        cache.store(header, opaque: opaque, prefix: Span(), payload: payload)
    }

    /// Writes the packet with this number for the first time; false when it is not kept any more.
    package mutating func write(_ sequence: UInt16, into buffer: inout PacketBuffer, at departure: Departure)
        -> Bool
    {
        guard let entry = cache.entry(sequence) else { return false }
        let content = cache.content(sequence)
        var header = entry.header
        fill(&header, for: departure)
        header.extensions.rid = configuration.rid
        header.write(into: &buffer, map: configuration.extensions, copying: content.span)
        guard buffer.append(content.span.extracting(entry.payloadStart..<content.count)) else { return false }
        reporter.sent(payloadBytes: content.count - entry.payloadStart)
        lastWritten = (sequence, departure.time)
        statistics.packets += 1
        statistics.bytes += Int64(content.count - entry.payloadStart)
        return true
    }

    /// Whether the packet with this number may be sent once more, and its size with headers; false when it is
    /// gone, or was repeated less than `pause` ago.
    package mutating func beginRepeat(of sequence: UInt16, at now: MonotonicTime, pause: Duration) -> Int? {
        guard cache.beginRepeat(sequence, at: now, pause: pause) else { return nil }
        return cache.content(sequence).count + Self.headerBytes
    }

    /// The size with headers of the packet with this number; `nil` when it is gone.
    package func size(of sequence: UInt16) -> Int? {
        cache.contains(sequence) ? cache.content(sequence).count + Self.headerBytes : nil
    }

    /// Writes the packet with this number once more; false when it is gone.
    package mutating func writeRepeat(
        of sequence: UInt16, into buffer: inout PacketBuffer, at departure: Departure
    ) -> Bool {
        guard let entry = cache.entry(sequence) else { return false }
        let content = cache.content(sequence)
        var header = entry.header
        fill(&header, for: departure)
        if let type = retransmissionType(of: header.payloadType),
            let source = configuration.retransmissionSSRC
        {
            header.ssrc = source
            header.payloadType = type
            header.sequenceNumber = nextRepeatSequence
            header.extensions.repairedRid = configuration.rid
            nextRepeatSequence &+= 1
            header.write(into: &buffer, map: configuration.extensions, copying: content.span)
            // RFC 4588 §4: the original sequence number stands before the original payload.
            buffer.append(bigEndian: sequence)
        } else {
            header.extensions.rid = configuration.rid
            header.write(into: &buffer, map: configuration.extensions, copying: content.span)
        }
        guard buffer.append(content.span.extracting(entry.payloadStart..<content.count)) else { return false }
        statistics.repeats += 1
        return true
    }

    /// Forgets what was sent and what still waits: a key frame follows, which makes it useless.
    package mutating func forgetPackets() {
        cache.removeAll()
    }

    /// Counts a request of the receiver.
    package mutating func noteRequest(packets: Int) {
        statistics.requests += packets
    }

    /// Counts a request for a key frame.
    package mutating func noteKeyframeRequest() {
        statistics.keyframeRequests += 1
    }

    /// Takes what the receiver reports.
    package mutating func receive(_ block: ReportBlock) {
        statistics.fractionLost = Double(block.fractionLost) / 256
        statistics.remoteLost = Int(block.cumulativeLost)
        statistics.remoteJitter =
            .nanoseconds(Int64(block.jitter) * 1_000_000_000 / Int64(max(1, configuration.clockRate)))
    }

    /// The payload type that repeats of `type` have, if they have a stream of their own.
    func retransmissionType(of type: PayloadType) -> PayloadType? {
        guard configuration.retransmissionSSRC != nil else { return nil }
        return configuration.retransmissionTypes.first { $0.original == type }?.repeated
    }

    func fill(_ header: inout RTPHeader, for departure: Departure) {
        header.extensions.mid = configuration.mid
        header.extensions.rid = nil
        header.extensions.transportSequence = departure.transportSequence
        header.extensions.absoluteSendTime = Self.absoluteSendTime(departure.time)
    }

    /// 6.18 fixed point seconds, which wrap every 64 s.
    private static func absoluteSendTime(_ time: MonotonicTime) -> UInt32 {
        let microseconds = time.nanoseconds / 1_000 % 64_000_000
        return UInt32(truncatingIfNeeded: (microseconds << 18) / 1_000_000) & 0xFF_FFFF
    }
}
