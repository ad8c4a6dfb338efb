import CVPX
import MediaCore

/// An open encoder of libvpx, which it closes at its end. One thread only.
struct VPXContext: ~Copyable {
    /// For the library's controls.
    let pointer: UnsafeMutablePointer<vpx_codec_ctx_t>

    /// Opens an encoder by one of the functions that are for that.
    init(
        _ codec: MediaCodec, _ configuration: vpx_codec_enc_cfg_t,
        by open: (UnsafeMutablePointer<vpx_codec_ctx_t>, UnsafePointer<vpx_codec_enc_cfg_t>) ->
            vpx_codec_err_t
    ) throws(CodecError) {
        let pointer = UnsafeMutablePointer<vpx_codec_ctx_t>.allocate(capacity: 1)
        pointer.initialize(to: vpx_codec_ctx_t())
        var configuration = configuration
        let status = open(pointer, &configuration)
        guard status == VPX_CODEC_OK else {
            pointer.deallocate()
            throw .unavailable(codec: codec.rawValue, code: Int32(status.rawValue))
        }
        self.pointer = pointer
    }

    deinit {
        vpx_codec_destroy(pointer)
        pointer.deallocate()
    }

    /// Changes what may change while it is open.
    func set(_ configuration: vpx_codec_enc_cfg_t) throws(CodecError) {
        var configuration = configuration
        let status = vpx_codec_enc_config_set(pointer, &configuration)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
    }

    /// Encodes a picture without copying it, and copies out what it became; `nil` when rate control dropped it. Of an
    /// odd picture, `isEven` leaves the last column or row out.
    func encode(
        _ picture: PictureToEncode, flags: Int, isEven: Bool = false
    ) throws(CodecError) -> EncodedPicture? {
        let keyframeFlag = picture.isKeyframe ? Int(VPX_EFLAG_FORCE_KF) : 0
        let status = submit(picture, flags: flags | keyframeFlag, mask: isEven ? ~1 : ~0)
        guard status == VPX_CODEC_OK else { throw .encodingFailed(code: Int32(status.rawValue)) }
        var iterator: vpx_codec_iter_t?
        while let packet = vpx_codec_get_cx_data(pointer, &iterator) {
            let frame = packet.pointee.data.frame
            guard packet.pointee.kind == VPX_CODEC_CX_FRAME_PKT, let start = frame.buf else { continue }
            return EncodedPicture(
                bytes: [UInt8](UnsafeRawBufferPointer(start: start, count: frame.sz)),
                isKeyframe: frame.flags & UInt32(VPX_FRAME_IS_KEY) != 0)
        }
        return nil
    }

    private func submit(_ picture: PictureToEncode, flags: Int, mask: Int) -> vpx_codec_err_t {
        picture.frame.withPlanes { planes in
            var image = vpx_image_t()
            let (width, height) = (UInt32(picture.frame.width & mask), UInt32(picture.frame.height & mask))
            guard vpx_img_wrap(&image, VPX_IMG_FMT_I420, width, height, 1, planes.y) != nil else {
                return VPX_CODEC_MEM_ERROR
            }
            image.planes = (planes.y, planes.u, planes.v, nil)
            image.stride = (Int32(planes.yStride), Int32(planes.chromaStride), Int32(planes.chromaStride), 0)
            return vpx_codec_encode(
                pointer, &image, picture.time, picture.duration, flags, UInt(VPX_DL_REALTIME))
        }
    }
}
