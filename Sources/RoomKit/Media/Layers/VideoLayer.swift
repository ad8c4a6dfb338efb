internal import MediaCore

/// One size in which a track is sent.
struct VideoLayer: Hashable, Sendable {
    /// What others call it.
    var quality: VideoQuality
    /// Its name in the packets; `nil` when there is only one.
    var rid: String?
    /// How many times smaller it is than what is captured, in each direction.
    var divisor: Double
    /// Its size when it was announced.
    var size: Dimensions
    /// Below this it is not worth its place beside the smaller ones.
    var minimum: Bitrate
    /// What it takes when nothing limits it.
    var maximum: Bitrate

    /// Its size for a picture of another size than announced; sides are even, as chroma is half as wide.
    func size(of picture: Dimensions) -> Dimensions {
        guard divisor > 1 else { return picture }
        func shrink(_ side: Int) -> Int { max(2, Int((Double(side) / divisor / 2).rounded()) * 2) }
        return Dimensions(width: shrink(picture.width), height: shrink(picture.height))
    }
}

extension MediaCodec {
    /// Whether each size of a picture is a stream of its own; the others have one stream, in which VP9 has all sizes.
    var isSentInStreams: Bool { self == .vp8 || self == .h264 }
}

/// Chooses in which sizes a track is sent, as LiveKit's clients do.
///
/// A camera of 960 pixels or more is sent in three sizes (180 and 360 rows, and whole), one of 480 or more in two (180
/// rows, and whole), a smaller one in one. A screen is sent whole and, from 480 pixels on, at half its size. The names are
/// `q`, `h`, `f` from the lowest up; with two they are `q` and `h`, with one there is none. VP9 and AV1 have one stream.
struct VideoLayerPlan: Sendable {
    /// What is captured.
    var format: VideoFormat
    /// Whether it is a screen.
    var isScreen: Bool
    /// Whether there may be several sizes.
    var isSimulcast: Bool
    /// The bitrate of the whole picture; `nil` = by its size.
    var maximumBitrate: Bitrate?
    /// How it is encoded.
    var codec = MediaCodec.vp8

    /// The layers, the lowest first.
    var layers: [VideoLayer] {
        let top = layer(divisor: 1, maximum: maximumBitrate ?? presetBitrate * thrift)
        guard isSimulcast, codec.isSentInStreams, long >= Self.twoLayers else { return [top] }
        let lower = isScreen ? [halfScreen(below: top)] : lowerCameraLayers(below: top)
        return Self.named(lower + [top])
    }

    /// What newer codecs need for the same picture, as LiveKit's clients reckon.
    private var thrift: Double { codec == .vp9 ? 0.85 : codec == .av1 ? 0.7 : 1 }

    private static let twoLayers = 480
    private static let threeLayers = 960
    /// A layer nearly as large as the next is not worth its bits.
    private static let leastDivisor = 1.3
    private static let leastScreenBitrate = Bitrate.kilobits(150)
    /// What a layer needs at least, as a share of its preset.
    private static let minimumShare = 0.2
    private static let leastBitrate = Bitrate.kilobits(30)

    private var long: Int { max(format.width, format.height) }
    private var short: Int { min(format.width, format.height) }
    private var size: Dimensions { Dimensions(width: format.width, height: format.height) }

    private var presetBitrate: Bitrate {
        isScreen
            ? VideoEncodings.screenBitrate(
                width: format.width, height: format.height, framesPerSecond: format.framesPerSecond)
            : VideoEncodings.bitrate(width: format.width, height: format.height)
    }

    private func lowerCameraLayers(below top: VideoLayer) -> [VideoLayer] {
        (long >= Self.threeLayers ? [180, 360] : [180]).compactMap { height in
            let divisor = Double(short) / Double(height)
            guard divisor >= Self.leastDivisor else { return nil }
            let preset = VideoEncodings.bitrate(ofLayerWithHeight: height, in: size)
            return layer(divisor: divisor, maximum: min(preset, top.maximum))
        }
    }

    private func halfScreen(below top: VideoLayer) -> VideoLayer {
        layer(divisor: 2, maximum: min(max(top.maximum * 0.25, Self.leastScreenBitrate), top.maximum))
    }

    private func layer(divisor: Double, maximum: Bitrate) -> VideoLayer {
        let minimum = min(max(maximum * Self.minimumShare, Self.leastBitrate), maximum)
        var layer = VideoLayer(
            quality: .high, rid: nil, divisor: divisor, size: size, minimum: minimum, maximum: maximum)
        layer.size = layer.size(of: size)
        return layer
    }

    private static func named(_ layers: [VideoLayer]) -> [VideoLayer] {
        guard layers.count > 1 else { return layers }
        let names: [(String, VideoQuality)] = [("q", .low), ("h", .medium), ("f", .high)]
        return zip(layers, names).map { layer, name in
            var layer = layer
            (layer.rid, layer.quality) = name
            return layer
        }
    }
}
