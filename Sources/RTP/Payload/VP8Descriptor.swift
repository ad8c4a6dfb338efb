package import MediaCore

/// What stands in front of the VP8 data in each packet (RFC 7741 §4.2).
package struct VP8Descriptor: Hashable, Sendable {
    /// Whether no other picture depends on this one (N).
    package var isDiscardable: Bool
    /// Whether a partition begins with this packet (S).
    package var startsPartition: Bool
    /// The partition, 0...7 (PID).
    package var partition: UInt8
    /// Number of the picture: 7 or 15 bits.
    package var pictureID: UInt16?
    /// Whether the number of the picture has 15 bits on the wire.
    package var hasLongPictureID: Bool
    /// Number of the latest picture of temporal layer 0.
    package var tl0PictureIndex: UInt8?
    /// Temporal layer, 0...3.
    package var temporalLayer: UInt8?
    /// Whether the picture depends on temporal layer 0 only (Y).
    package var isLayerSync: Bool
    /// Number of the latest key frame as 5 bits (KEYIDX).
    package var keyIndex: UInt8?
    /// Whether the byte of flags was there although none was set; such a descriptor keeps its length.
    private var hasExtension = false

    /// Makes a descriptor.
    package init(
        startsPartition: Bool, partition: UInt8 = 0, pictureID: UInt16? = nil, hasLongPictureID: Bool = true,
        tl0PictureIndex: UInt8? = nil, temporalLayer: UInt8? = nil, isLayerSync: Bool = false,
        keyIndex: UInt8? = nil, isDiscardable: Bool = false
    ) {
        self.isDiscardable = isDiscardable
        self.startsPartition = startsPartition
        self.partition = partition & 7
        self.pictureID = pictureID
        self.hasLongPictureID = hasLongPictureID
        self.tl0PictureIndex = tl0PictureIndex
        self.temporalLayer = temporalLayer
        self.isLayerSync = isLayerSync
        self.keyIndex = keyIndex
    }

    /// Reads the descriptor of a payload; `nil` when it is cut short or nothing follows it.
    package init?(parsing payload: Span<UInt8>) {
        guard let first = payload.byte(at: 0) else { return nil }
        self.init(
            startsPartition: first & 0x10 != 0, partition: first, hasLongPictureID: false,
            isDiscardable: first & 0x20 != 0)
        if first & 0x80 != 0, !readExtension(of: payload) { return nil }
        guard payload.count > encodedLength else { return nil }
    }

    /// Reads what the bits I, L, T and K of the second byte announce; false when it is cut short.
    private mutating func readExtension(of payload: Span<UInt8>) -> Bool {
        guard let flags = payload.byte(at: 1) else { return false }
        var offset = 2
        if flags & 0x80 != 0 {
            guard let number = payload.byte(at: offset) else { return false }
            hasLongPictureID = number & 0x80 != 0
            if hasLongPictureID {
                guard let number = payload.uint16(at: offset) else { return false }
                pictureID = number & 0x7FFF
            } else {
                pictureID = UInt16(number)
            }
            offset += hasLongPictureID ? 2 : 1
        }
        if flags & 0x40 != 0 {
            guard let index = payload.byte(at: offset) else { return false }
            tl0PictureIndex = index
            offset += 1
        }
        if flags & 0x30 != 0 {
            guard let byte = payload.byte(at: offset) else { return false }
            if flags & 0x20 != 0 {
                temporalLayer = byte >> 6
                isLayerSync = byte & 0x20 != 0
            }
            if flags & 0x10 != 0 { keyIndex = byte & 0x1F }
        }
        hasExtension = true
        return true
    }

    /// The byte of flags behind the first; zero when there are none.
    private var flags: UInt8 {
        (pictureID == nil ? 0 : 0x80) | (tl0PictureIndex == nil ? 0 : 0x40)
            | (temporalLayer == nil ? 0 : 0x20)
            | (keyIndex == nil ? 0 : 0x10)
    }

    /// Bytes the descriptor takes in front of the data.
    package var encodedLength: Int {
        guard flags != 0 || hasExtension else { return 1 }
        let numberLength = pictureID == nil ? 0 : hasLongPictureID ? 2 : 1
        return 2 + numberLength + (tl0PictureIndex == nil ? 0 : 1) + (flags & 0x30 == 0 ? 0 : 1)
    }
}

extension VP8Descriptor {
    /// Adds the descriptor to a packet.
    package func append(to buffer: inout PacketBuffer) {
        encode { buffer.append($0) }
    }

    /// Adds the descriptor to a payload.
    package func append(to bytes: inout [UInt8]) {
        encode { bytes.append($0) }
    }

    /// Replaces the descriptor at `offset`, where one of the same length must be: how a forwarder
    /// renumbers pictures.
    package func store(in packet: inout MutableSpan<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset <= packet.count - encodedLength else { return false }
        var index = offset
        encode {
            packet[index] = $0
            index += 1
        }
        return true
    }

    private func encode(_ emit: (UInt8) -> Void) {
        let isLong = encodedLength > 1
        emit((isLong ? 0x80 : 0) | (isDiscardable ? 0x20 : 0) | (startsPartition ? 0x10 : 0) | partition)
        guard isLong else { return }
        emit(flags)
        if let pictureID {
            if hasLongPictureID { emit(0x80 | UInt8(truncatingIfNeeded: pictureID >> 8)) }
            emit(UInt8(truncatingIfNeeded: pictureID) & (hasLongPictureID ? 0xFF : 0x7F))
        }
        if let tl0PictureIndex { emit(tl0PictureIndex) }
        if flags & 0x30 != 0 {
            emit((temporalLayer ?? 0) << 6 | (isLayerSync ? 0x20 : 0) | (keyIndex ?? 0) & 0x1F)
        }
    }
}
