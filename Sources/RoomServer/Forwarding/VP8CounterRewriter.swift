/// Keeps the picture counters of a VP8 stream continuous when it goes over to another layer.
///
/// A decoder, and the jitter buffer in front of it, takes a jump of the picture number for loss.
struct VP8CounterRewriter: Sendable {
    private var last: VP8Counters?
    private var pictureOffset: UInt16 = 0
    private var baseOffset: UInt8 = 0
    private var keyOffset: UInt8 = 0

    /// Makes a rewriter that has sent nothing.
    init() {}

    /// Goes over to another source, or on after a pause; these are the counters of its first packet.
    mutating func begin(with first: VP8Counters) {
        guard let last else { return }
        if let old = last.pictureID, let new = first.pictureID { pictureOffset = old &+ 1 &- new }
        if let old = last.baseLayerIndex, let new = first.baseLayerIndex { baseOffset = old &+ 1 &- new }
        if let old = last.keyIndex, let new = first.keyIndex { keyOffset = old &+ 1 &- new }
    }

    /// The outgoing counters of a packet.
    mutating func take(_ counters: VP8Counters) -> VP8Counters {
        let output = VP8Counters(
            pictureID: counters.pictureID.map { ($0 &+ pictureOffset) & 0x7FFF },
            baseLayerIndex: counters.baseLayerIndex.map { $0 &+ baseOffset },
            keyIndex: counters.keyIndex.map { ($0 &+ keyOffset) & 0x1F })
        if isNewer(output.pictureID) { last = output }
        return output
    }

    /// Late packets must not move the mark back.
    private func isNewer(_ pictureID: UInt16?) -> Bool {
        guard let old = last?.pictureID, let new = pictureID else { return true }
        return (new &- old) & 0x7FFF < 0x4000
    }
}
