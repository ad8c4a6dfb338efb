import CVPX
import MediaCore

/// The order in which VP8 pictures belong to three temporal layers: 0, 2, 1, 2.
///
/// Leaving out layer 2 halves the pictures per second, leaving out layer 1 too halves them again. Each layer keeps its
/// reference picture in a buffer of its own, and each picture is predicted from the nearest picture of a lower layer,
/// so that only one search is paid for. A receiver may begin with layer 1 at any of its pictures, and with layer 2 at
/// every second one.
///
/// A value; the encoder asks for the place of the next picture and moves on when the picture has come out. One that
/// rate control dropped has no place, so the next takes it.
struct TemporalPattern: Sendable {
    /// What libvpx is to do with one picture.
    struct Place: Sendable {
        let layers: FrameLayers
        /// Which buffers are used and changed.
        let flags: Int
    }

    /// How many layers there are.
    static let layerCount = 3
    /// Shares of the bitrate that the layers 0, 0-1 and 0-2 get together.
    static let cumulativeShares = [0.4, 0.6, 1.0]
    /// How many pictures come to one of the layers 0, 0-1 and 0-2.
    static let decimators: [UInt32] = [4, 2, 1]
    /// The layer of each picture, over and over.
    static let layerIDs: [UInt32] = [0, 2, 1, 2]

    private var index = 0

    /// Where the next picture stands.
    var place: Place { Self.places[index] }

    /// The picture has come out; a key frame begins anew.
    mutating func advance(isKeyframe: Bool) {
        index = isKeyframe ? 1 : (index + 1) % Self.places.count
    }

    /// What a key frame is, wherever it comes: the base of everything.
    static let keyframe = FrameLayers(isSwitchingPoint: true)

    private static let onlyLast = Int(VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_REF_ARF)
    private static let onlyGolden = Int(VP8_EFLAG_NO_REF_LAST | VP8_EFLAG_NO_REF_ARF)
    private static let changesLast = Int(VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ARF)
    // A layer that may be missing must not change what the arithmetic coder has learnt.
    private static let changesGolden = Int(
        VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ARF | VP8_EFLAG_NO_UPD_ENTROPY)
    private static let changesNothing = Int(
        VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ARF | VP8_EFLAG_NO_UPD_ENTROPY)

    private static let places = [
        Place(layers: FrameLayers(temporalLayer: 0, references: [4]), flags: onlyLast | changesLast),
        Place(
            layers: FrameLayers(
                temporalLayer: 2, isSwitchingPoint: true, isDiscardable: true, references: [1]),
            flags: onlyLast | changesNothing),
        Place(
            layers: FrameLayers(temporalLayer: 1, isSwitchingPoint: true, references: [2]),
            flags: onlyLast | changesGolden),
        Place(
            layers: FrameLayers(temporalLayer: 2, isDiscardable: true, references: [1]),
            flags: onlyGolden | changesNothing),
    ]
}
