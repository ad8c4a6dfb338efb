import MediaCore

/// Packets of a video stream by sequence number, in slots that are used again: storing one does not
/// allocate.
struct VideoPacketRing: Sendable {
    struct Packet: Sendable {
        var sequence: Int64
        var timestamp: UInt32
        var marker: Bool
        /// `nil` when the packet carries nothing that belongs to a picture.
        var info: PayloadInfo?
        var arrival: MonotonicTime
    }

    private let mask: Int64
    private var packets: [Packet?]
    private var payloads: [[UInt8]]

    /// Makes a ring of `capacity` slots, a power of two.
    init(capacity: Int) {
        mask = Int64(capacity - 1)
        packets = Array(repeating: nil, count: capacity)
        payloads = Array(repeating: [], count: capacity)
    }

    /// The packet with this number, if it is here.
    func packet(_ sequence: Int64) -> Packet? {
        guard let packet = packets[slot(sequence)], packet.sequence == sequence else { return nil }
        return packet
    }

    /// The timestamp of the packet with this number.
    func timestamp(_ sequence: Int64) -> UInt32? { packet(sequence)?.timestamp }

    /// Whether a packet in the range says that its picture is a key frame.
    func isKeyframe(_ range: Range<Int64>) -> Bool {
        range.contains { packet($0)?.info?.isKeyframe ?? false }
    }

    /// Keeps a packet in place of whatever was in its slot; false when it is here already.
    mutating func store(
        _ sequence: Int64, timestamp: UInt32, marker: Bool, info: PayloadInfo?, payload: Span<UInt8>,
        arrival: MonotonicTime
    ) -> Bool {
        let slot = slot(sequence)
        guard packets[slot]?.sequence != sequence else { return false }
        packets[slot] = Packet(
            sequence: sequence, timestamp: timestamp, marker: marker, info: info, arrival: arrival)
        payloads[slot].removeAll(keepingCapacity: true)
        payloads[slot].append(payload)
        return true
    }

    /// Joins the payloads of one picture; false when they do not make one.
    func assemble(_ range: Range<Int64>, by depacketizer: VideoDepacketizer, into bytes: inout [UInt8])
        -> Bool
    {
        var assembler = FrameAssembler(depacketizer)
        bytes.reserveCapacity(range.reduce(0) { $0 + payloads[slot($1)].count })
        for sequence in range where packet(sequence)?.info != nil {
            let payload = payloads[slot(sequence)]
            guard assembler.add(payload.span, to: &bytes) else { return false }
        }
        return assembler.finish(&bytes)
    }

    private func slot(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence & mask) }
}
