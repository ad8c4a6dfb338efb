import CAVCodec
package import MediaCore

/// Encodes pictures as H.264 by x264 through libavcodec, in constrained baseline and one layer.
///
/// x264 drops no pictures: a bitrate that is too low costs sharpness only. It wants even sizes, so an odd picture loses
/// its last column or row.
package final class H264Encoder: VideoEncoder {
    /// What the encoder runs with now.
    package private(set) var settings: VideoEncoderSettings

    private var context: UnsafeMutablePointer<AVCodecContext>?
    private let packet: UnsafeMutablePointer<AVPacket>
    private let picture: UnsafeMutablePointer<AVFrame>
    private var clock = PresentationClock()
    /// In frame times of the open encoder, because x264 takes one tick for one picture when it plans.
    private var presentationTime: Int64 = 0
    private var plannedFramesPerSecond = 30
    /// A keyframe was asked for and has not come out yet.
    private var isKeyframePending = true

    /// Opens an encoder.
    package init(settings: VideoEncoderSettings) throws(CodecError) {
        self.settings = settings
        packet = av_packet_alloc()
        picture = av_frame_alloc()
        try open()
    }

    deinit {
        var (packet, picture) = (Optional(packet), Optional(picture))
        av_packet_free(&packet)
        av_frame_free(&picture)
        avcodec_free_context(&context)
    }

    /// Encodes one picture.
    package func encode(
        _ frame: VideoFrame, timestamp: UInt32, isKeyframeForced: Bool = false
    ) throws(CodecError) -> EncodedFrame? {
        if context == nil || frame.width != settings.width || frame.height != settings.height {
            settings.width = frame.width
            settings.height = frame.height
            try open()
        }
        guard let context else { return nil }
        isKeyframePending = isKeyframePending || isKeyframeForced
        picture.pointee.pts = nextPresentationTime(timestamp)
        picture.pointee.pict_type = isKeyframePending ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        let status = submit(frame, as: picture, to: context)
        guard status == 0 else { throw .encodingFailed(code: status) }
        guard let (bytes, isKeyframe) = try nextUnit(of: context) else { return nil }
        if isKeyframe { isKeyframePending = false }
        return EncodedFrame(
            codec: .h264, bytes: bytes, isKeyframe: isKeyframe, timestamp: timestamp,
            captureTime: frame.captureTime)
    }

    /// Changes rate and pictures per second from the next picture on.
    package func set(bitrate: Bitrate, framesPerSecond: Int? = nil) throws(CodecError) {
        var next = settings
        next.bitrate = bitrate
        next.framesPerSecond = framesPerSecond ?? next.framesPerSecond
        guard next.isValid else { throw .invalidSettings("\(next)") }
        settings = next
        // libavcodec's wrapper compares these with what x264 has before each picture.
        if let context { setRate(of: context, to: bitrate) }
    }

    /// Takes the time of the last `encode`; there is no faster preset to turn to.
    package func report(encodeTime: Duration) {}

    private func open() throws(CodecError) {
        guard settings.isValid, settings.width > 1, settings.height > 1 else {
            throw .invalidSettings("\(settings)")
        }
        avcodec_free_context(&context)
        context = try openX264(settings)
        plannedFramesPerSecond = settings.framesPerSecond
        isKeyframePending = true
    }

    private func nextPresentationTime(_ timestamp: UInt32) -> Int64 {
        let ticks = clock.advance(to: timestamp) * Int64(plannedFramesPerSecond) / 90_000
        presentationTime = max(presentationTime + 1, ticks)
        return presentationTime
    }

    private func nextUnit(
        of context: UnsafeMutablePointer<AVCodecContext>
    ) throws(CodecError) -> ([UInt8], isKeyframe: Bool)? {
        let status = avcodec_receive_packet(context, packet)
        if status == cavcodec_error_again() { return nil }
        guard status == 0 else { throw .encodingFailed(code: status) }
        defer { av_packet_unref(packet) }
        let bytes = [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        return (bytes, packet.pointee.flags & AV_PKT_FLAG_KEY != 0)
    }
}

/// Real time, constrained baseline, keyframes only on demand and with their parameter sets in front.
private func openX264(
    _ settings: VideoEncoderSettings
) throws(CodecError) -> UnsafeMutablePointer<AVCodecContext> {
    _ = silenceLibrary
    guard let encoder = avcodec_find_encoder_by_name("libx264"),
        let context = avcodec_alloc_context3(encoder)
    else {
        throw .unavailable(codec: "libx264", code: 0)
    }
    context.pointee.width = Int32(settings.width & ~1)
    context.pointee.height = Int32(settings.height & ~1)
    context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    context.pointee.time_base = AVRational(num: 1, den: Int32(settings.framesPerSecond))
    context.pointee.framerate = AVRational(num: Int32(settings.framesPerSecond), den: 1)
    context.pointee.gop_size = .max
    context.pointee.max_b_frames = 0
    context.pointee.thread_count = Int32(settings.threads)
    context.pointee.profile = FF_PROFILE_H264_CONSTRAINED_BASELINE
    setRate(of: context, to: settings.bitrate)
    let options = [
        "preset": settings.isScreen ? "superfast" : "ultrafast", "tune": "zerolatency",
        "profile": "baseline", "forced-idr": "1",
        // Sliced threads would cost compression; one slice is also what the packetizer likes best.
        "x264-params": "sliced-threads=0:sync-lookahead=0:repeat-headers=1:annexb=1:scenecut=0",
    ]
    for (name, value) in options { av_opt_set(context.pointee.priv_data, name, value, 0) }
    let status = avcodec_open2(context, encoder, nil)
    guard status == 0 else {
        var context = Optional(context)
        avcodec_free_context(&context)
        throw .unavailable(codec: "libx264", code: status)
    }
    return context
}

/// The buffer holds half a second: little delay, and key frames still fit in.
private func setRate(of context: UnsafeMutablePointer<AVCodecContext>, to bitrate: Bitrate) {
    context.pointee.bit_rate = Int64(bitrate.bitsPerSecond)
    context.pointee.rc_max_rate = Int64(bitrate.bitsPerSecond)
    context.pointee.rc_buffer_size = Int32(clamping: bitrate.bitsPerSecond / 2)
}

/// Hands a picture over; libavcodec copies what it has no reference to.
private func submit(
    _ frame: VideoFrame, as picture: UnsafeMutablePointer<AVFrame>,
    to context: UnsafeMutablePointer<AVCodecContext>
) -> Int32 {
    picture.pointee.width = Int32(frame.width & ~1)
    picture.pointee.height = Int32(frame.height & ~1)
    picture.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    defer { av_frame_unref(picture) }
    return frame.withPlanes { planes in
        picture.pointee.data = (planes.y, planes.u, planes.v, nil, nil, nil, nil, nil)
        let chroma = Int32(planes.chromaStride)
        picture.pointee.linesize = (Int32(planes.yStride), chroma, chroma, 0, 0, 0, 0, 0)
        return avcodec_send_frame(context, picture)
    }
}
