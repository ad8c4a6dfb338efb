package import MediaCore

/// Cuts VP8 pictures into payloads of about equal size and numbers them (RFC 7741 §4).
package struct VP8Packetizer: Sendable {
    private var pictureID: UInt16
    private var tl0PictureIndex: UInt8?

    /// Begins with a given 15-bit picture number, which should be random. With a TL0PICIDX every picture
    /// is of temporal layer 0.
    package init(pictureID: UInt16, tl0PictureIndex: UInt8? = nil) {
        self.pictureID = pictureID & 0x7FFF
        self.tl0PictureIndex = tl0PictureIndex
    }

    /// Says for each payload which descriptor and which bytes of the frame it holds, and whether it is
    /// the last.
    ///
    /// No payload is longer than `maximumPayload`, descriptor included.
    package mutating func packetize(
        _ frame: EncodedFrame, maximumPayload: Int,
        _ emit: (_ descriptor: VP8Descriptor, _ range: Range<Int>, _ marker: Bool) -> Void
    ) {
        var descriptor = VP8Descriptor(
            startsPartition: true, pictureID: pictureID, tl0PictureIndex: tl0PictureIndex,
            temporalLayer: tl0PictureIndex == nil ? nil : 0)
        let room = max(1, maximumPayload - descriptor.encodedLength)
        let total = frame.bytes.count
        guard total > 0 else { return }
        pictureID = (pictureID &+ 1) & 0x7FFF
        tl0PictureIndex = tl0PictureIndex.map { $0 &+ 1 }

        let packets = (total + room - 1) / room
        for index in 0..<packets {
            // Equal shares: a last packet of a few bytes would cost as much to protect as a full one.
            let range = total * index / packets..<total * (index + 1) / packets
            emit(descriptor, range, index == packets - 1)
            descriptor.startsPartition = false
        }
    }
}
