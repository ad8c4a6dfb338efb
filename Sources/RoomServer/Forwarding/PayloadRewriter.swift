import MediaCore
import RTP

/// Writes what stands in front of the media of a packet as one subscriber has to see it.
struct PayloadRewriter: Sendable {
    /// The payload as it was written last; kept to save allocations.
    private(set) var bytes: [UInt8] = []

    /// Makes a rewriter that has written nothing.
    init() {}

    /// Writes a payload into `bytes`; answers false when it goes on as it is.
    mutating func rewrite(_ payload: Span<UInt8>, at position: ForwardedPosition) -> Bool {
        if let picture = position.picture, let descriptor = VP8Descriptor(parsing: payload) {
            write(descriptor, picture, of: payload)
            return true
        }
        guard position.needsSmallerSize, let descriptor = VP9Descriptor(parsing: payload),
            let offset = descriptor.layersOffset, !descriptor.dependsOnLowerLayer
        else { return false }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(payload)
        bytes[offset] |= 1
        return true
    }

    private mutating func write(
        _ descriptor: VP8Descriptor, _ picture: VP8Counters, of payload: Span<UInt8>
    ) {
        let length = descriptor.encodedLength
        var descriptor = descriptor
        descriptor.pictureID = picture.pictureID
        // Numbers beyond seven bits need the long form, and a layer may have used the short one.
        descriptor.hasLongPictureID = picture.pictureID != nil
        descriptor.tl0PictureIndex = picture.baseLayerIndex
        descriptor.keyIndex = picture.keyIndex
        bytes.removeAll(keepingCapacity: true)
        descriptor.append(to: &bytes)
        bytes.append(payload.extracting(min(length, payload.count)..<payload.count))
    }
}
