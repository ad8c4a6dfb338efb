import CVPX
import MediaCore

/// Hands a picture to libvpx without copying it; of an odd one, `isEven` leaves the last column or row out.
func submit(
    _ frame: VideoFrame, to context: UnsafeMutablePointer<vpx_codec_ctx_t>, at time: Int64, duration: UInt,
    flags: Int, isEven: Bool = false
) -> vpx_codec_err_t {
    frame.withPlanes { planes in
        var image = vpx_image_t()
        let mask = isEven ? ~1 : ~0
        let (width, height) = (UInt32(frame.width & mask), UInt32(frame.height & mask))
        guard vpx_img_wrap(&image, VPX_IMG_FMT_I420, width, height, 1, planes.y) != nil else {
            return VPX_CODEC_MEM_ERROR
        }
        image.planes = (planes.y, planes.u, planes.v, nil)
        image.stride = (Int32(planes.yStride), Int32(planes.chromaStride), Int32(planes.chromaStride), 0)
        return vpx_codec_encode(context, &image, time, duration, flags, UInt(VPX_DL_REALTIME))
    }
}
