import MediaCore

/// An encoder of some library, open for pictures of one size: what differs from codec to codec.
///
/// `RealTimeEncoder` opens it anew for another size, keeps the time and decides what becomes a key picture.
protocol OpenEncoder: AnyObject {
    /// What it makes.
    static var codec: MediaCodec { get }

    /// The efforts that pay off in real time; one when there is no choice.
    static func speeds(for settings: VideoEncoderSettings) -> ClosedRange<Int>

    /// Opens it for settings that make sense; `spatialLayers` are watched.
    init(settings: VideoEncoderSettings, speed: Int, spatialLayers: Int) throws(CodecError)

    /// Encodes one picture of its size; `nil` when rate control dropped it.
    func encode(_ picture: PictureToEncode) throws(CodecError) -> EncodedPicture?

    /// Changes rate and pictures per second, and how many spatial layers are encoded, from the next picture on; true
    /// when that is to be a key picture.
    func set(_ settings: VideoEncoderSettings, spatialLayers: Int) throws(CodecError) -> Bool

    /// Changes the effort from the next picture on.
    func set(speed: Int)
}

/// A picture on its way into a library.
struct PictureToEncode {
    /// The pixels.
    let frame: VideoFrame
    /// When it is to be shown, in 90 kHz units; always growing.
    let time: Int64
    /// Until the next one, in the same units.
    let duration: UInt
    /// Whether it is to be a key picture.
    let isKeyframe: Bool
}

/// What a library made of a picture.
struct EncodedPicture {
    /// Ready for the packetizer.
    let bytes: [UInt8]
    /// Whether decoding may start here.
    let isKeyframe: Bool
    /// Its place among the layers; `nil` without layers.
    var layers: FrameLayers?
}
