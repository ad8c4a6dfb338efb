import MediaCore

extension VP8Descriptor {
    /// Whether the picture begins with this packet: the first one of the first partition.
    package var startsFrame: Bool { startsPartition && partition == 0 }

    /// Whether `payload`, which this descriptor was read from, begins a key frame: bit P of the frame
    /// header is 0 (RFC 7741 §4.3).
    package func startsKeyframe(in payload: Span<UInt8>) -> Bool {
        guard startsFrame, let first = payload.byte(at: encodedLength) else { return false }
        return first & 1 == 0
    }

    /// The size a key frame says behind its start code (RFC 6386 §9.1); the upper two bits are for scaling.
    package func keyframeSize(in payload: Span<UInt8>) -> PictureSize? {
        let offset = encodedLength
        guard startsKeyframe(in: payload), payload.uint24(at: offset + 3) == 0x9D_012A,
            let width = payload.uint16(at: offset + 6),
            let height = payload.uint16(at: offset + 8)
        else { return nil }
        return PictureSize(width: Int(width.byteSwapped & 0x3FFF), height: Int(height.byteSwapped & 0x3FFF))
    }

    func info(of payload: Span<UInt8>, marker: Bool) -> PayloadInfo {
        PayloadInfo(
            startsFrame: startsFrame, endsFrame: marker, isKeyframe: startsKeyframe(in: payload),
            pictureID: pictureID, tl0PictureIndex: tl0PictureIndex, temporalLayer: temporalLayer,
            isLayerSync: isLayerSync, isDiscardable: isDiscardable, size: keyframeSize(in: payload))
    }
}

/// Joins the payloads of one VP8 picture.
struct VP8Assembler: Sendable {
    private var hasStarted = false

    mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let descriptor = VP8Descriptor(parsing: payload), descriptor.startsFrame != hasStarted else {
            return false
        }
        hasStarted = true
        bytes.append(payload.extracting(descriptor.encodedLength..<payload.count))
        return true
    }

    mutating func finish() -> Bool {
        defer { self = VP8Assembler() }
        return hasStarted
    }
}
