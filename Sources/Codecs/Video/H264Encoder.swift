import CAVCodec
import MediaCore

/// Encodes pictures as H.264 by x264 through libavcodec, in constrained baseline and one layer.
///
/// x264 drops no pictures: a bitrate that is too low costs sharpness only. It wants even sizes, so an odd picture loses
/// its last column or row.
final class H264Encoder: OpenEncoder {
    static let codec = MediaCodec.h264

    private let session: AVCodecSession
    /// In frame times, because x264 takes one tick for one picture when it plans.
    private var presentationTime: Int64 = 0
    private let plannedFramesPerSecond: Int

    /// There is no faster preset to turn to.
    static func speeds(for settings: VideoEncoderSettings) -> ClosedRange<Int> {
        settings.speed...settings.speed
    }

    init(settings: VideoEncoderSettings, speed: Int, spatialLayers: Int) throws(CodecError) {
        guard settings.width > 1, settings.height > 1 else { throw .invalidSettings("\(settings)") }
        let library = try AVCodecLibrary.functions(for: Self.codec)
        let encoder = library.avcodec_find_encoder_by_name("libx264")
        session = try AVCodecSession(library, encoder, name: "libx264")
        plannedFramesPerSecond = settings.framesPerSecond
        configure(session, settings)
        try session.open()
    }

    func encode(_ source: PictureToEncode) throws(CodecError) -> EncodedPicture? {
        presentationTime = max(presentationTime + 1, source.time * Int64(plannedFramesPerSecond) / 90_000)
        let picture = session.picture
        picture.pointee.pts = presentationTime
        picture.pointee.pict_type = source.isKeyframe ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        let status = submit(source.frame)
        guard status == 0 else { throw .encodingFailed(code: status) }
        return try nextPicture()
    }

    func set(_ settings: VideoEncoderSettings, spatialLayers: Int) throws(CodecError) -> Bool {
        // libavcodec's wrapper compares these with what x264 has before each picture.
        setRate(of: session.context, to: settings.bitrate)
        return false
    }

    func set(speed: Int) {}

    /// Hands a picture over; libavcodec copies what it has no reference to.
    private func submit(_ frame: VideoFrame) -> Int32 {
        let (library, picture) = (session.library, session.picture)
        picture.pointee.width = Int32(frame.width & ~1)
        picture.pointee.height = Int32(frame.height & ~1)
        picture.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        defer { library.av_frame_unref(picture) }
        return frame.withPlanes { planes in
            picture.pointee.data = (planes.y, planes.u, planes.v, nil, nil, nil, nil, nil)
            let chroma = Int32(planes.chromaStride)
            picture.pointee.linesize = (Int32(planes.yStride), chroma, chroma, 0, 0, 0, 0, 0)
            return library.avcodec_send_frame(session.context, picture)
        }
    }

    private func nextPicture() throws(CodecError) -> EncodedPicture? {
        let (library, packet) = (session.library, session.packet)
        let status = library.avcodec_receive_packet(session.context, packet)
        if status == cavcodec_error_again() { return nil }
        guard status == 0 else { throw .encodingFailed(code: status) }
        defer { library.av_packet_unref(packet) }
        let bytes = [UInt8](UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        return EncodedPicture(bytes: bytes, isKeyframe: packet.pointee.flags & AV_PKT_FLAG_KEY != 0)
    }
}

/// Real time, constrained baseline, keyframes only on demand and with their parameter sets in front.
private func configure(_ session: borrowing AVCodecSession, _ settings: VideoEncoderSettings) {
    let context = session.context
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
    for (name, value) in options {
        _ = session.library.av_opt_set(context.pointee.priv_data, name, value, 0)
    }
}

/// The buffer holds half a second: little delay, and key frames still fit in.
private func setRate(of context: UnsafeMutablePointer<AVCodecContext>, to bitrate: Bitrate) {
    context.pointee.bit_rate = Int64(bitrate.bitsPerSecond)
    context.pointee.rc_max_rate = Int64(bitrate.bitsPerSecond)
    context.pointee.rc_buffer_size = Int32(clamping: bitrate.bitsPerSecond / 2)
}
