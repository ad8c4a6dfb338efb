/// Knows whether every picture of a scalable stream comes in all sizes below its largest one.
///
/// Where sizes are predicted from one another in key pictures only (L3T3_KEY), each can be decoded by itself, and libwebrtc
/// does so: it decodes what it has of a picture as soon as the largest size is complete. A smaller one that was lost and
/// comes again is dropped then, what builds on it is never decoded, and the picture stands until a key picture is asked
/// for, three seconds later. A subscriber gets the smaller sizes anyway, so the larger ones are said to need them (bit D of
/// RFC 9628 §4.2).
///
/// That would be wrong where a picture is not sent in the smaller sizes at all, as when a shared screen has more large
/// pictures than small ones. From the first such picture on nothing is said.
struct SizeChain: Sendable {
    private var isWhole = true
    /// The newest packet, unless it belongs to no picture.
    private var last: PublishedPacket?

    /// Makes a chain that nothing is known of.
    init() {}

    /// Takes a packet; answers whether the next smaller size of its picture comes as well.
    mutating func receive(_ packet: PublishedPacket) -> Bool {
        let smaller = packet.layer.spatial - 1
        if let last, packet.startsLayer, smaller >= 0, last.sequence == packet.sequence - 1 {
            isWhole = isWhole && last.timestamp == packet.timestamp && last.layer.spatial == smaller
        }
        if packet.sequence > last?.sequence ?? .min { last = packet.isPadding ? nil : packet }
        return isWhole && smaller >= 0
    }
}
