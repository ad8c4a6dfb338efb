package import MediaCore

/// Cuts pictures into RTP payloads, per codec.
///
/// A payload is handed out as a prefix, which is made here, and a range of the frame's bytes, so that pictures are not
/// copied before they are put into packets.
package enum VideoPacketizer: Sendable {
    case vp8(VP8Packetizer)
    case vp9(VP9Packetizer)
    case h264(H264Packetizer)
    case av1(AV1Packetizer)

    /// The one for a codec; `nil` for sound. Pictures are numbered from `pictureID`, which should be random.
    package init?(_ codec: MediaCodec, pictureID: UInt16) {
        switch codec {
        case .vp8: self = .vp8(VP8Packetizer(pictureID: pictureID))
        case .vp9: self = .vp9(VP9Packetizer(pictureID: pictureID))
        case .h264: self = .h264(H264Packetizer())
        case .av1: self = .av1(AV1Packetizer())
        case .opus: return nil
        }
    }

    /// What it cuts.
    package var codec: MediaCodec {
        switch self {
        case .vp8: .vp8
        case .vp9: .vp9
        case .h264: .h264
        case .av1: .av1
        }
    }

    /// Says for each payload what stands in front, which bytes of the frame follow, and whether it is the last of the
    /// picture. `prefix` is storage that is used again.
    ///
    /// No payload is longer than `maximumPayload`. Nothing is said for a frame that is empty or malformed.
    package mutating func packetize(
        _ frame: EncodedFrame, maximumPayload: Int, prefix: inout [UInt8],
        _ emit: (_ prefix: [UInt8], _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        switch self {
        case .vp8(var packetizer):
            packetizer.packetize(frame, maximumPayload: maximumPayload) { descriptor, range, marker in
                prefix.removeAll(keepingCapacity: true)
                descriptor.append(to: &prefix)
                emit(prefix, range, marker)
            }
            self = .vp8(packetizer)
        case .vp9(var packetizer):
            packetizer.packetize(frame, maximumPayload: maximumPayload, prefix: &prefix, emit)
            self = .vp9(packetizer)
        case .h264(let packetizer):
            packetizer.packetize(frame, maximumPayload: maximumPayload, prefix: &prefix, emit)
        case .av1(let packetizer):
            packetizer.packetize(frame, maximumPayload: maximumPayload, prefix: &prefix, emit)
        }
    }
}

/// Cuts `total` bytes into the fewest shares of at most `room`, about equal: a last packet of a few bytes would cost as
/// much to protect as a full one.
func forEachShare(of total: Int, room: Int, _ body: (_ share: Range<Int>) -> Void) {
    guard total > 0 else { return }
    let room = max(1, room)
    let count = (total + room - 1) / room
    for index in 0..<count { body(total * index / count..<total * (index + 1) / count) }
}
