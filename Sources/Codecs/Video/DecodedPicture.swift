import CAVCodec
import CYUV
import MediaCore

/// Copies a picture of libavcodec into a frame of the pool, converting what is not I420 of 8 bits.
func copyPicture(
    _ picture: UnsafePointer<AVFrame>, times: EncodedFrame, pool: VideoFramePool
) throws(CodecError) -> VideoFrame? {
    let source = picture.pointee
    guard
        let frame = pool.makeFrame(
            width: Int(source.width), height: Int(source.height), captureTime: times.captureTime,
            presentAt: times.presentAt, fill: { convert(source, into: $0) })
    else {
        throw .unsupportedPicture(format: source.format)
    }
    return frame
}

/// Writes a picture as I420; false when its kind is not known here.
private func convert(_ source: AVFrame, into target: VideoFrame.Planes) -> Bool {
    switch AVPixelFormat(source.format) {
    // Full range is shown as it is: the error is small, and cameras that send it do not say so reliably.
    case AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P: run(I420Copy, on: source, into: target)
    case AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUVJ422P: run(I422ToI420, on: source, into: target)
    case AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVJ444P: run(I444ToI420, on: source, into: target)
    case AV_PIX_FMT_YUV420P10LE: run(I010ToI420, on: source, into: target)
    case AV_PIX_FMT_YUV422P10LE: run(I210ToI420, on: source, into: target)
    case AV_PIX_FMT_YUV444P10LE: run(I410ToI420, on: source, into: target)
    default: false
    }
}

/// Calls one of libyuv's planar conversions; `Sample` is one byte, or two for 10 bits, and strides count
/// samples.
private func run<Sample>(
    _ conversion: (
        UnsafePointer<Sample>?, Int32, UnsafePointer<Sample>?, Int32, UnsafePointer<Sample>?, Int32,
        UnsafeMutablePointer<UInt8>?, Int32, UnsafeMutablePointer<UInt8>?, Int32,
        UnsafeMutablePointer<UInt8>?,
        Int32, Int32, Int32
    ) -> Int32, on source: AVFrame, into target: VideoFrame.Planes
) -> Bool {
    let size = Int32(MemoryLayout<Sample>.size)
    func plane(_ bytes: UnsafeMutablePointer<UInt8>?) -> UnsafePointer<Sample>? {
        UnsafeRawPointer(bytes)?.assumingMemoryBound(to: Sample.self)
    }
    return conversion(
        plane(source.data.0), source.linesize.0 / size, plane(source.data.1), source.linesize.1 / size,
        plane(source.data.2), source.linesize.2 / size, target.y, Int32(target.yStride), target.u,
        Int32(target.chromaStride), target.v, Int32(target.chromaStride), source.width, source.height) == 0
}
