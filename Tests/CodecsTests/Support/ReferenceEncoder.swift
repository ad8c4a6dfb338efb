import CAVCodec
import MediaCore

/// Encodes by libavcodec what the product only decodes, so that its decoder meets foreign streams.
final class ReferenceEncoder {
    struct Failure: Error {
        let step: String
    }

    private let codec: MediaCodec
    private let context: UnsafeMutablePointer<AVCodecContext>

    /// Opens an encoder without delay: one picture in, one access unit out.
    init(codec: MediaCodec, width: Int, height: Int, format: AVPixelFormat = AV_PIX_FMT_YUV420P) throws {
        let (name, options): (String, [String: String]) =
            switch codec {
            case .h264: ("libx264", ["preset": "ultrafast", "tune": "zerolatency"])
            case .vp8: ("libvpx", ["deadline": "realtime", "cpu-used": "8"])
            case .vp9: ("libvpx-vp9", ["deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"])
            case .av1: ("libaom-av1", ["usage": "realtime", "cpu-used": "9", "lag-in-frames": "0"])
            case .opus: throw Failure(step: "opus has no pictures")
            }
        guard let encoder = avcodec_find_encoder_by_name(name), let context = avcodec_alloc_context3(encoder)
        else {
            throw Failure(step: name)
        }
        self.codec = codec
        self.context = context
        context.pointee.width = Int32(width)
        context.pointee.height = Int32(height)
        context.pointee.pix_fmt = format
        context.pointee.time_base = AVRational(num: 1, den: 30)
        context.pointee.bit_rate = 1_000_000
        context.pointee.gop_size = 1_000
        context.pointee.max_b_frames = 0
        context.pointee.thread_count = 1
        for (key, value) in options { av_opt_set(context.pointee.priv_data, key, value, 0) }
        guard avcodec_open2(context, encoder, nil) == 0 else { throw Failure(step: "open \(name)") }
    }

    deinit {
        var context = Optional(context)
        avcodec_free_context(&context)
    }

    /// Encodes picture number `index`.
    func encode(_ frame: VideoFrame, index: Int) throws -> EncodedFrame {
        var picture = av_frame_alloc()
        var packet = av_packet_alloc()
        defer {
            av_frame_free(&picture)
            av_packet_free(&packet)
        }
        guard let picture, let packet else { throw Failure(step: "allocate") }
        try fill(picture, from: frame)
        picture.pointee.pts = Int64(index)
        guard avcodec_send_frame(context, picture) == 0, avcodec_receive_packet(context, packet) == 0 else {
            throw Failure(step: "encode")
        }
        let bytes = [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        return EncodedFrame(
            codec, bytes, isKeyframe: packet.pointee.flags & AV_PKT_FLAG_KEY != 0,
            timestamp: UInt32(index * 3_000))
    }

    private func fill(_ picture: UnsafeMutablePointer<AVFrame>, from frame: VideoFrame) throws {
        picture.pointee.width = context.pointee.width
        picture.pointee.height = context.pointee.height
        picture.pointee.format = context.pointee.pix_fmt.rawValue
        guard av_frame_get_buffer(picture, 0) == 0 else { throw Failure(step: "picture") }
        let format = context.pointee.pix_fmt
        let chromaRows = format == AV_PIX_FMT_YUV444P ? 0 : frame.chromaHeight
        let write = format == AV_PIX_FMT_YUV420P10LE ? widen : copy
        frame.withPlanes { planes in
            write(planes.y, planes.yStride, picture.pointee.data.0, picture.pointee.linesize.0, frame.height)
            write(
                planes.u, planes.chromaStride, picture.pointee.data.1, picture.pointee.linesize.1, chromaRows)
            write(
                planes.v, planes.chromaStride, picture.pointee.data.2, picture.pointee.linesize.2, chromaRows)
        }
    }
}

/// Copies rows of 8 bits.
private func copy(
    _ source: UnsafeMutablePointer<UInt8>, _ sourceStride: Int, _ target: UnsafeMutablePointer<UInt8>?,
    _ targetStride: Int32, _ rows: Int
) {
    for row in 0..<rows {
        let count = min(sourceStride, Int(targetStride))
        target?.advanced(by: row * Int(targetStride)).update(from: source + row * sourceStride, count: count)
    }
}

/// Copies rows of 8 bits to 10 bits in 16.
private func widen(
    _ source: UnsafeMutablePointer<UInt8>, _ sourceStride: Int, _ target: UnsafeMutablePointer<UInt8>?,
    _ targetStride: Int32, _ rows: Int
) {
    for row in 0..<rows {
        let line = UnsafeMutableRawPointer(target)?.advanced(by: row * Int(targetStride))
        for column in 0..<min(sourceStride, Int(targetStride) / 2) {
            let sample = UInt16(source[row * sourceStride + column]) * 4
            line?.storeBytes(of: sample, toByteOffset: column * 2, as: UInt16.self)
        }
    }
}
