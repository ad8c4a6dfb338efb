import CAVCodec
package import MediaCore

/// Decodes VP8, VP9 (also with spatial layers), H.264 or AV1 by libavcodec.
///
/// One thread only. What comes in is from the network: damage throws, and the owner asks for a keyframe.
/// Until that comes nothing is shown: what libavcodec makes up for missing pictures is not worth seeing.
package final class VideoDecoder {
    /// What it decodes.
    package let codec: MediaCodec

    /// Larger pictures are refused, so that nobody can make us allocate without bound.
    package static let maximumPixels = 4_096 * 2_304

    private let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let picture: UnsafeMutablePointer<AVFrame>

    /// Opens a decoder; throws for a codec without pictures.
    package init(codec: MediaCodec) throws(CodecError) {
        silenceLibrary
        self.codec = codec
        context = try openDecoder(for: codec)
        packet = av_packet_alloc()
        picture = av_frame_alloc()
    }

    deinit {
        var (context, packet, picture) = (Optional(context), Optional(packet), Optional(picture))
        av_packet_free(&packet)
        av_frame_free(&picture)
        avcodec_free_context(&context)
    }

    /// Decodes one access unit and returns the last picture it shows, which for VP9 with spatial layers
    /// is the largest; `nil` when it shows none. The result keeps the times of `frame`.
    package func decode(_ frame: EncodedFrame, pool: VideoFramePool) throws(CodecError) -> VideoFrame? {
        guard frame.codec == codec else {
            throw .invalidSettings("a \(codec) decoder was given \(frame.codec)")
        }
        // An empty packet would mean the end of the stream to libavcodec.
        guard !frame.bytes.isEmpty else { throw .decodingFailed(code: 0) }
        do throws(CodecError) {
            try send(frame.bytes)
            return try lastPicture(times: frame, pool: pool)
        } catch {
            // Also drops what is left of the access unit, which the next one would have to wait for.
            avcodec_flush_buffers(context)
            throw error
        }
    }

    private func lastPicture(times frame: EncodedFrame, pool: VideoFramePool) throws(CodecError)
        -> VideoFrame?
    {
        var last: VideoFrame?
        while try receivePicture() {
            defer { av_frame_unref(picture) }
            last = try copyPicture(picture, times: frame, pool: pool)
        }
        return last
    }

    private func send(_ bytes: [UInt8]) throws(CodecError) {
        // libavcodec wants zeros behind the bytes; a packet of its own has them.
        guard let count = Int32(exactly: bytes.count), av_new_packet(packet, count) == 0 else {
            throw .decodingFailed(code: 0)
        }
        defer { av_packet_unref(packet) }
        UnsafeMutableRawBufferPointer(start: packet.pointee.data, count: bytes.count).copyBytes(from: bytes)
        let status = avcodec_send_packet(context, packet)
        guard status == 0 else { throw .decodingFailed(code: status) }
    }

    /// Fills `picture`; false when the access unit has no more.
    private func receivePicture() throws(CodecError) -> Bool {
        let status = avcodec_receive_frame(context, picture)
        if status == cavcodec_error_again() { return false }
        guard status == 0 else { throw .decodingFailed(code: status) }
        return true
    }
}

/// The library writes to standard error about every damaged packet; errors are thrown here and in the encoder.
let silenceLibrary: Void = av_log_set_level(AV_LOG_QUIET)

private func openDecoder(for codec: MediaCodec) throws(CodecError) -> UnsafeMutablePointer<AVCodecContext> {
    let name =
        switch codec {
        case .vp8: "vp8"
        case .vp9: "vp9"
        case .h264: "h264"
        case .av1: "libdav1d"
        case .opus: throw .invalidSettings("opus has no pictures")
        }
    guard let decoder = avcodec_find_decoder_by_name(name), let context = avcodec_alloc_context3(decoder)
    else {
        throw .unavailable(codec: name, code: 0)
    }
    context.pointee.thread_count = 1
    context.pointee.max_pixels = Int64(VideoDecoder.maximumPixels)
    // Every picture out as soon as it is in: for libdav1d this means a frame delay of one.
    context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY
    let status = avcodec_open2(context, decoder, nil)
    guard status == 0 else {
        var context = Optional(context)
        avcodec_free_context(&context)
        throw .unavailable(codec: name, code: status)
    }
    return context
}
