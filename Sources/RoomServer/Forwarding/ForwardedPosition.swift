import MediaCore
import RTP

/// Where a packet goes in the stream of one subscriber.
struct ForwardedPosition: Hashable, Sendable {
    /// The number it gets.
    var sequenceNumber: UInt16
    /// The timestamp it gets.
    var timestamp: UInt32
    /// Whether the picture ends with it for this subscriber.
    var isMarked: Bool
    /// The counters it gets, when it is VP8 and has some.
    var picture: VP8Counters?
    /// Whether the subscriber is told to decode it with the next smaller size only.
    var needsSmallerSize = false

    /// Writes the position into the header of a packet, and takes out of it what is not true for the subscriber.
    func write(to header: inout RTPHeader, of codec: MediaCodec?, isOneStream: Bool) {
        header.sequenceNumber = sequenceNumber
        header.timestamp = timestamp
        header.marker = isMarked
        // The numbers of frames in it are those of one simulcast layer. Of VP9 it says that sizes do not need each other,
        // which is to be taken back (`SizeChain`).
        if !isOneStream || codec == .vp9 { header.extensions.forgetRawRange(of: .dependencyDescriptor) }
    }
}
