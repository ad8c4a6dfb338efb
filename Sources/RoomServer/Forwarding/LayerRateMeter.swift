import MediaCore

/// Measures what each layer of a track takes, from the packets that come in.
///
/// It looks back one second. Key pictures are not counted: they come when they are asked for, so the rate of a layer
/// would seem to rise because somebody changes over to it.
struct LayerRateMeter: Sendable {
    /// What was counted in one slot of time, layer by layer.
    private struct Slot: Sendable {
        var bytes = [Int](repeating: 0, count: LayerRates.cellCount)
        var pictures = [Int](repeating: 0, count: LayerRates.cellCount)
    }

    private static let slotLength: Int64 = 125_000_000
    private static let slotCount = 8
    /// Bytes that a packet takes on the way down besides its payload, about: IP, UDP, RTP with extensions, SRTP.
    private static let headerBytes = 66

    private let isOneStream: Bool
    private var slots = [Slot](repeating: Slot(), count: slotCount)
    /// Number of the slot that is being filled.
    private var newest: Int64?
    /// Since when each layer has been counted; `nil` = nothing has come in the time it looks back.
    private var starts = [MonotonicTime?](repeating: nil, count: LayerRates.cellCount)
    /// Timestamp of the last key picture of each size.
    private var keyTimestamps = [UInt32?](repeating: nil, count: TrackLayer.spatialCount)

    /// Makes a meter; `isOneStream` says that larger sizes build on smaller ones (scalable coding).
    init(isOneStream: Bool) {
        self.isOneStream = isOneStream
    }

    /// Counts a packet with this many bytes of payload.
    mutating func receive(_ packet: PublishedPacket, bytes: Int, at now: MonotonicTime) {
        guard packet.layer.isKnown, !packet.isPadding else { return }
        let current = advance(to: now)
        let spatial = packet.layer.spatial
        if packet.isKeyframe { noteKeyPicture(packet) }
        let cell = packet.layer.index
        if starts[cell] == nil { starts[cell] = now }
        if packet.startsLayer { slots[current].pictures[cell] += 1 }
        guard keyTimestamps[spatial] != packet.timestamp else { return }
        slots[current].bytes[cell] += bytes + Self.headerBytes
    }

    /// What each layer takes now.
    mutating func rates(at now: MonotonicTime) -> LayerRates {
        _ = advance(to: now)
        var rates = LayerRates(isOneStream: isOneStream)
        let window = Duration.nanoseconds(Self.slotLength) * Self.slotCount
        for cell in starts.indices {
            guard let start = starts[cell] else { continue }
            let bytes = slots.reduce(0) { $0 + $1.bytes[cell] }
            let pictures = slots.reduce(0) { $0 + $1.pictures[cell] }
            guard bytes > 0 || pictures > 0 else {
                starts[cell] = nil
                continue
            }
            // Too little time would make one packet a flood.
            let span = min(max(now - start, window / 2), window).inSeconds
            rates.set(
                cell, Bitrate(bitsPerSecond: Int(Double(bytes * 8) / span)),
                framesPerSecond: Double(pictures) / span)
        }
        return rates
    }

    /// In one stream a key picture has all sizes; each simulcast stream has its own.
    private mutating func noteKeyPicture(_ packet: PublishedPacket) {
        let sizes =
            isOneStream ? 0..<TrackLayer.spatialCount : packet.layer.spatial..<packet.layer.spatial + 1
        for size in sizes { keyTimestamps[size] = packet.timestamp }
    }

    private mutating func advance(to now: MonotonicTime) -> Int {
        let number = now.nanoseconds / Self.slotLength
        let last = newest ?? number
        if number > last {
            for passed in max(last + 1, number - Int64(Self.slotCount) + 1)...number {
                slots[Self.index(of: passed)] = Slot()
            }
        }
        newest = max(number, last)
        return Self.index(of: newest ?? number)
    }

    private static func index(of number: Int64) -> Int {
        Int((number % Int64(slotCount) + Int64(slotCount)) % Int64(slotCount))
    }
}
