import CAOM
import MediaCore

/// Encodes pictures as AV1 by libaom, in real time, at a constant bitrate and in one layer.
final class AV1Encoder: OpenEncoder {
    static let codec = MediaCodec.av1

    private let context: UnsafeMutablePointer<aom_codec_ctx_t>

    /// The range of libaom that keeps up in real time.
    static func speeds(for settings: VideoEncoderSettings) -> ClosedRange<Int> { 9...10 }

    init(settings: VideoEncoderSettings, speed: Int, spatialLayers: Int) throws(CodecError) {
        var configuration = try av1Configuration(for: settings)
        context = .allocate(capacity: 1)
        context.initialize(to: aom_codec_ctx_t())
        let status = caom_open_av1(context, &configuration)
        guard status == AOM_CODEC_OK else {
            context.deallocate()
            throw .unavailable(codec: "av1", code: Int32(status.rawValue))
        }
        set(speed: speed)
        configure(context, settings)
    }

    deinit {
        aom_codec_destroy(context)
        context.deallocate()
    }

    func encode(_ picture: PictureToEncode) throws(CodecError) -> EncodedPicture? {
        let status = submit(picture, to: context)
        guard status == AOM_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        return nextPicture(from: context)
    }

    func set(_ settings: VideoEncoderSettings, spatialLayers: Int) throws(CodecError) -> Bool {
        var configuration = try av1Configuration(for: settings)
        let status = aom_codec_enc_config_set(context, &configuration)
        guard status == AOM_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        return false
    }

    func set(speed: Int) {
        _ = caom_set(context, Int32(AOME_SET_CPUUSED.rawValue), Int32(speed))
    }
}

/// Hands a picture to libaom without copying it.
private func submit(
    _ picture: PictureToEncode, to context: UnsafeMutablePointer<aom_codec_ctx_t>
) -> aom_codec_err_t {
    picture.frame.withPlanes { planes in
        var image = aom_image_t()
        let (width, height) = (UInt32(picture.frame.width), UInt32(picture.frame.height))
        guard aom_img_wrap(&image, AOM_IMG_FMT_I420, width, height, 1, planes.y) != nil else {
            return AOM_CODEC_MEM_ERROR
        }
        image.planes = (planes.y, planes.u, planes.v)
        image.stride = (Int32(planes.yStride), Int32(planes.chromaStride), Int32(planes.chromaStride))
        let flags = picture.isKeyframe ? aom_enc_frame_flags_t(AOM_EFLAG_FORCE_KF) : 0
        return aom_codec_encode(context, &image, picture.time, picture.duration, flags)
    }
}

/// Copies out what the last `submit` made, if it made a picture.
private func nextPicture(from context: UnsafeMutablePointer<aom_codec_ctx_t>) -> EncodedPicture? {
    var iterator: aom_codec_iter_t?
    while let packet = aom_codec_get_cx_data(context, &iterator) {
        let frame = packet.pointee.data.frame
        guard packet.pointee.kind == AOM_CODEC_CX_FRAME_PKT, let start = frame.buf else { continue }
        return EncodedPicture(
            bytes: [UInt8](UnsafeRawBufferPointer(start: start, count: frame.sz)),
            isKeyframe: frame.flags & UInt32(AOM_FRAME_IS_KEY) != 0)
    }
    return nil
}
