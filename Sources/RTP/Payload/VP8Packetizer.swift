package import MediaCore

/// Cuts VP8 pictures into payloads of about equal size and numbers them (RFC 7741 §4).
package struct VP8Packetizer: Sendable {
    private var pictureID: UInt16
    /// TL0PICIDX of the latest picture of temporal layer 0.
    private var tl0PictureIndex: UInt8
    /// KEYIDX of the latest key frame.
    private var keyIndex: UInt8 = 0

    /// Begins with a given 15-bit picture number, which should be random; `tl0PictureIndex` is that of the
    /// first picture.
    package init(pictureID: UInt16, tl0PictureIndex: UInt8 = 0) {
        self.pictureID = pictureID & 0x7FFF
        self.tl0PictureIndex = tl0PictureIndex &- 1
    }

    /// Says for each payload which descriptor and which bytes of the frame it holds, and whether it is
    /// the last.
    ///
    /// No payload is longer than `maximumPayload`, descriptor included. The temporal layer is written
    /// when the frame knows its layers.
    package mutating func packetize(
        _ frame: EncodedFrame, maximumPayload: Int,
        _ emit: (_ descriptor: VP8Descriptor, _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        let total = frame.bytes.count
        guard total > 0 else { return }
        var descriptor = nextDescriptor(of: frame)
        let room = max(1, maximumPayload - descriptor.encodedLength)
        let packets = (total + room - 1) / room
        for index in 0..<packets {
            // Equal shares: a last packet of a few bytes would cost as much to protect as a full one.
            let range = total * index / packets..<total * (index + 1) / packets
            emit(descriptor, range, index == packets - 1)
            descriptor.startsPartition = false
        }
    }

    private mutating func nextDescriptor(of frame: EncodedFrame) -> VP8Descriptor {
        defer { pictureID = (pictureID &+ 1) & 0x7FFF }
        guard let layers = frame.layers else {
            return VP8Descriptor(startsPartition: true, pictureID: pictureID)
        }
        if layers.temporalLayer == 0 { tl0PictureIndex &+= 1 }
        if frame.isKeyframe { keyIndex = (keyIndex &+ 1) & 0x1F }
        return VP8Descriptor(
            startsPartition: true, pictureID: pictureID, tl0PictureIndex: tl0PictureIndex,
            temporalLayer: layers.temporalLayer,
            // Bit Y says that it depends on temporal layer 0 only; it means nothing in that layer itself.
            isLayerSync: layers.temporalLayer > 0 && layers.isSwitchingPoint, keyIndex: keyIndex,
            isDiscardable: layers.isDiscardable)
    }
}
