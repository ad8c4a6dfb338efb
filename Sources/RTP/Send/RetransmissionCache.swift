import MediaCore

/// The packets sent last, in plain text, so that they can be sent now and again on request (RFC
/// 4585 §6.2.1).
///
/// A packet is kept as its header and its bytes; the wire form is written anew for each
/// transmission, because some header extensions change every time. Slots are used again: keeping a
/// packet does not allocate once all are warm.
package struct RetransmissionCache: Sendable {
    /// One packet that was kept.
    struct Entry: Sendable {
        /// Header as given, with its extensions.
        var header: RTPHeader
        /// Where the payload begins in the bytes; what lies before holds opaque header extensions.
        var payloadStart: Int
        /// When it was sent again for the last time.
        var lastRepeat: MonotonicTime?
    }

    private let mask: Int
    private var entries: [Entry?]
    private var bytes: [[UInt8]]

    /// Makes a cache of at least `capacity` packets, rounded up to a power of two.
    package init(capacity: Int) {
        var size = 2
        while size < min(capacity, 16_384) { size *= 2 }
        mask = size - 1
        entries = Array(repeating: nil, count: size)
        bytes = Array(repeating: [], count: size)
    }

    /// How many packets fit.
    package var capacity: Int { mask + 1 }

    /// Whether the packet is still here.
    package func contains(_ sequence: UInt16) -> Bool { entry(sequence) != nil }

    /// Keeps a packet: `opaque` is the header of the packet it was copied from, `prefix` and
    /// `payload` its content.
    mutating func store(
        _ header: RTPHeader, opaque: Span<UInt8>, prefix: Span<UInt8>, payload: Span<UInt8>
    ) {
        let slot = Int(header.sequenceNumber) & mask
        bytes[slot].removeAll(keepingCapacity: true)
        bytes[slot].append(opaque)
        bytes[slot].append(prefix)
        bytes[slot].append(payload)
        entries[slot] = Entry(header: header, payloadStart: opaque.count, lastRepeat: nil)
    }

    /// Forgets all packets: nobody needs them any more.
    mutating func removeAll() {
        for slot in entries.indices { entries[slot] = nil }
    }

    /// What is known about a packet.
    func entry(_ sequence: UInt16) -> Entry? {
        guard let entry = entries[Int(sequence) & mask], entry.header.sequenceNumber == sequence else {
            return nil
        }
        return entry
    }

    /// The bytes of the slot a packet is in.
    func content(_ sequence: UInt16) -> [UInt8] { bytes[Int(sequence) & mask] }

    /// Whether the packet may be sent again now; if so, it may not be for `pause`, because the
    /// answer to the last request is still under way.
    mutating func beginRepeat(_ sequence: UInt16, at now: MonotonicTime, pause: Duration) -> Bool {
        guard let entry = entry(sequence) else { return false }
        if let last = entry.lastRepeat, now - last < pause { return false }
        entries[Int(sequence) & mask]?.lastRepeat = now
        return true
    }
}
