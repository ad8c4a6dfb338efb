/// Keeps the picture counters of a VP8 stream continuous over changes of layers and pictures left out.
///
/// A decoder, and the jitter buffer in front of it, takes a jump of the picture number for loss. Pictures of the lowest
/// temporal layer are never left out, so its counter needs no more than an offset for each source.
struct VP8CounterRewriter: Sendable {
    private var pictures = SequenceRewriter()
    /// Highest extended picture number of the current source.
    private var highest: Int64 = 0
    private var last: VP8Counters?
    private var baseOffset: UInt8 = 0
    private var keyOffset: UInt8 = 0

    /// Makes a rewriter that has sent nothing.
    init() {}

    /// Goes over to another source, or on after a pause; these are the counters of its first packet.
    mutating func begin(with first: VP8Counters) {
        if let number = first.pictureID {
            highest = Int64(number)
            pictures.begin(at: highest)
        }
        guard let last else { return }
        if let old = last.baseLayerIndex, let new = first.baseLayerIndex { baseOffset = old &+ 1 &- new }
        if let old = last.keyIndex, let new = first.keyIndex { keyOffset = old &+ 1 &- new }
    }

    /// Leaves a picture out, whichever of its packets this is.
    mutating func skip(_ counters: VP8Counters) {
        if let number = counters.pictureID { pictures.skip(extend(number, counters.hasLongPictureID)) }
    }

    /// The outgoing counters of a packet.
    mutating func take(_ counters: VP8Counters) -> VP8Counters {
        var output = counters
        let before = pictures.highestOutput ?? -1
        let number = counters.pictureID.flatMap { pictures.take(extend($0, counters.hasLongPictureID)) }
        output.pictureID = number.map { UInt16(truncatingIfNeeded: $0) & 0x7FFF } ?? counters.pictureID
        output.baseLayerIndex = counters.baseLayerIndex.map { $0 &+ baseOffset }
        output.keyIndex = counters.keyIndex.map { ($0 &+ keyOffset) & 0x1F }
        // Late packets must not move the mark back.
        if number.map({ $0 >= before }) ?? true { last = output }
        return output
    }

    /// The number nearest to the highest so far that reads like this one in 7 or 15 bits.
    private mutating func extend(_ number: UInt16, _ isLong: Bool) -> Int64 {
        let modulus: Int64 = isLong ? 1 << 15 : 1 << 7
        var distance = (Int64(number) &- highest) % modulus
        if distance < 0 { distance += modulus }
        if distance >= modulus / 2 { distance -= modulus }
        let value = highest &+ distance
        highest = max(highest, value)
        return value
    }
}

/// The counters in the payload descriptor of VP8 (RFC 7741 §4.2).
struct VP8Counters: Hashable, Sendable {
    /// Number of the picture.
    var pictureID: UInt16?
    /// Whether the publisher's numbers have 15 bits, else 7.
    var hasLongPictureID = true
    /// Number of the picture in the lowest temporal layer.
    var baseLayerIndex: UInt8?
    /// Number of the key picture, 5 bits.
    var keyIndex: UInt8?
}
