import CVPX
import MediaCore

/// Encodes pictures as VP9 by libvpx, in three sizes and three temporal layers of one stream (L3T3_KEY).
///
/// Small pictures have fewer sizes, screens only one. A frame holds all sizes of a picture and says where they are.
/// libvpx wants even sizes here, so an odd picture loses its last column or row.
package final class VP9Encoder: OpenEncoder {
    static let codec = MediaCodec.vp9

    private let context: VPXContext
    private var sizes: VP9Sizes
    private var pattern = VP9LayerPattern()

    static func speeds(for settings: VideoEncoderSettings) -> ClosedRange<Int> { 8...9 }

    init(settings: VideoEncoderSettings, speed: Int, spatialLayers: Int) throws(CodecError) {
        guard settings.width > 1, settings.height > 1 else { throw .invalidSettings("\(settings)") }
        sizes = VP9Sizes(
            width: settings.width & ~1, height: settings.height & ~1, isScreen: settings.isScreen)
        sizes.watchedCount = spatialLayers
        _ = sizes.choose(for: settings.bitrate)
        context = try VPXContext(Self.codec, vp9Configuration(for: settings, sizes), by: cvpx_open_vp9)
        configure(context.pointer, isScreen: settings.isScreen)
        set(speed: speed)
    }

    func encode(_ picture: PictureToEncode) throws(CodecError) -> EncodedPicture? {
        let place = pattern.place(isKeyframe: picture.isKeyframe)
        setPlace(place, of: context.pointer, sizes: sizes.sizes.count)
        guard let encoded = try context.encode(picture, flags: 0, isEven: true) else { return nil }
        guard let parts = VP9Superframe.parts(of: encoded.bytes), parts.count <= sizes.sizes.count else {
            throw .encodingFailed(code: 0)
        }
        pattern.advance(isKeyframe: picture.isKeyframe)
        // All sizes are key pictures together, and only when they are asked to be.
        return EncodedPicture(
            bytes: encoded.bytes, isKeyframe: picture.isKeyframe, layers: layers(parts, at: place))
    }

    private func layers(_ parts: [Range<Int>], at place: VP9LayerPattern.Place) -> FrameLayers {
        let isKeyframe = place.source == nil
        var layers = place.layers
        layers.spatial = parts.enumerated().map { index, range in
            SpatialLayer(
                range: range, width: sizes.sizes[index].width, height: sizes.sizes[index].height,
                isInterPicture: !isKeyframe, dependsOnLowerLayer: isKeyframe && index > 0,
                isReferencedByUpperLayer: isKeyframe && index + 1 < parts.count)
        }
        return layers
    }

    /// A size that the rate suffices for again, or that somebody watches again, begins with a key picture.
    func set(_ settings: VideoEncoderSettings, spatialLayers: Int) throws(CodecError) -> Bool {
        let before = sizes.activeCount
        sizes.watchedCount = spatialLayers
        let isKeyframeNeeded = sizes.choose(for: settings.bitrate) && sizes.activeCount > before
        try context.set(vp9Configuration(for: settings, sizes))
        return isKeyframeNeeded
    }

    func set(speed: Int) {
        setScaling(of: context.pointer, sizes: sizes.sizes.count, speed: speed)
    }
}

extension VP9Encoder {
    /// The sizes a picture of this size is encoded in, the smallest first.
    package static func sizes(width: Int, height: Int, isScreen: Bool) -> [(width: Int, height: Int)] {
        VP9Sizes(width: width & ~1, height: height & ~1, isScreen: isScreen).sizes
    }

    /// The part of the bitrate that one of `count` sizes gets.
    package static func share(ofSize index: Int, of count: Int) -> Double {
        VP9Sizes.share(ofSize: index, of: count)
    }

    /// The part of the bitrate that the `count` smallest sizes of a picture get together.
    package static func share(ofLowest count: Int, width: Int, height: Int) -> Double {
        let all = sizes(width: width, height: height, isScreen: false).count
        return (0..<max(0, min(count, all))).reduce(0) { $0 + VP9Sizes.share(ofSize: $1, of: all) }
    }
}
