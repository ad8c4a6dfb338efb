import CAVCodec
import MediaCore

/// Decodes VP9, H.264 or AV1 by libavcodec.
final class AVCodecDecoder: OpenDecoder {
    private let session: AVCodecSession

    init(codec: MediaCodec) throws(CodecError) {
        let library = try AVCodecLibrary.functions(for: codec)
        let name = codec == .av1 ? "libdav1d" : codec.rawValue
        session = try AVCodecSession(library, library.avcodec_find_decoder_by_name(name), name: name)
        let context = session.context
        context.pointee.thread_count = 1
        context.pointee.max_pixels = Int64(VideoDecoder.maximumPixels)
        // Every picture out as soon as it is in: for libdav1d this means a frame delay of one.
        context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY
        try session.open()
    }

    func decode(_ frame: EncodedFrame, pool: VideoFramePool) throws(CodecError) -> VideoFrame? {
        do throws(CodecError) {
            try send(frame.bytes)
            return try lastPicture(times: frame, pool: pool)
        } catch {
            // Also drops what is left of the access unit, which the next one would have to wait for.
            session.library.avcodec_flush_buffers(session.context)
            throw error
        }
    }

    private func lastPicture(times frame: EncodedFrame, pool: VideoFramePool) throws(CodecError)
        -> VideoFrame?
    {
        var last: VideoFrame?
        while try receivePicture() {
            defer { session.library.av_frame_unref(session.picture) }
            last = try copyPicture(session.picture, times: frame, pool: pool)
        }
        return last
    }

    private func send(_ bytes: [UInt8]) throws(CodecError) {
        // libavcodec wants zeros behind the bytes; a packet of its own has them.
        let (library, packet) = (session.library, session.packet)
        guard let count = Int32(exactly: bytes.count), library.av_new_packet(packet, count) == 0 else {
            throw .decodingFailed(code: 0)
        }
        defer { library.av_packet_unref(packet) }
        UnsafeMutableRawBufferPointer(start: packet.pointee.data, count: bytes.count).copyBytes(from: bytes)
        let status = library.avcodec_send_packet(session.context, packet)
        guard status == 0 else { throw .decodingFailed(code: status) }
    }

    /// Fills the session's picture; false when the access unit has no more.
    private func receivePicture() throws(CodecError) -> Bool {
        let status = session.library.avcodec_receive_frame(session.context, session.picture)
        if status == cavcodec_error_again() { return false }
        guard status == 0 else { throw .decodingFailed(code: status) }
        return true
    }
}
