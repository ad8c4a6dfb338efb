import CVPX
import CYUV
import MediaCore

/// Decodes VP8 by libvpx, which also encodes it here.
final class VP8Decoder: OpenDecoder {
    private let context: UnsafeMutablePointer<vpx_codec_ctx_t>

    init() throws(CodecError) {
        context = .allocate(capacity: 1)
        context.initialize(to: vpx_codec_ctx_t())
        let status = cvpx_open_vp8_decoder(context)
        guard status == VPX_CODEC_OK else {
            context.deallocate()
            throw .unavailable(codec: "vp8", code: Int32(status.rawValue))
        }
    }

    deinit {
        vpx_codec_destroy(context)
        context.deallocate()
    }

    func decode(_ frame: EncodedFrame, pool: VideoFramePool) throws(CodecError) -> VideoFrame? {
        guard let count = UInt32(exactly: frame.bytes.count), isSmallEnough(frame.bytes, count) else {
            throw .decodingFailed(code: 0)
        }
        let status = vpx_codec_decode(context, frame.bytes, count, nil, 0)
        guard status == VPX_CODEC_OK else { throw .decodingFailed(code: Int32(status.rawValue)) }
        var iterator: vpx_codec_iter_t?
        guard let image = vpx_codec_get_frame(context, &iterator)?.pointee else { return nil }
        // A picture whose bytes ended too early comes out all the same.
        guard cvpx_is_damaged(context) == 0 else { throw .decodingFailed(code: 0) }
        return copyPicture(image, times: frame, pool: pool)
    }

    /// Sizes are in keyframes only, and libvpx would make room for any.
    private func isSmallEnough(_ bytes: [UInt8], _ count: UInt32) -> Bool {
        var info = vpx_codec_stream_info_t()
        info.sz = UInt32(MemoryLayout<vpx_codec_stream_info_t>.size)
        let status = vpx_codec_peek_stream_info(vpx_codec_vp8_dx(), bytes, count, &info)
        return status != VPX_CODEC_OK || Int(info.w) * Int(info.h) <= VideoDecoder.maximumPixels
    }
}

/// Copies a picture of libvpx into a frame of the pool.
private func copyPicture(_ image: vpx_image_t, times: EncodedFrame, pool: VideoFramePool) -> VideoFrame? {
    let (width, height) = (Int32(clamping: image.d_w), Int32(clamping: image.d_h))
    return pool.makeFrame(
        width: Int(width), height: Int(height), captureTime: times.captureTime, presentAt: times.presentAt
    ) { target in
        I420Copy(
            image.planes.0, image.stride.0, image.planes.1, image.stride.1, image.planes.2, image.stride.2,
            target.y, Int32(target.yStride), target.u, Int32(target.chromaStride), target.v,
            Int32(target.chromaStride), width, height) == 0
    }
}
