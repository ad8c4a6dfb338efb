import MediaCore

extension HeaderExtensions {
    /// Adds the extension part of a header to `buffer`: nothing when no value has an id in `map`.
    ///
    /// RFC 8285 §4.2 and §4.3: elements have one-byte headers, or two-byte ones when an id or a length
    /// needs it.
    func write(into buffer: inout PacketBuffer, map: HeaderExtensionMap, copying original: Span<UInt8>) {
        guard let isLong = needsTwoByteHeaders(map: map, copying: original) else { return }
        buffer.append(bigEndian: isLong ? 0x1000 : 0xBEDE as UInt16)
        let lengthOffset = buffer.count
        buffer.append(bigEndian: 0 as UInt16)
        for kind in HeaderExtensionKind.allCases {
            let length = length(of: kind, copying: original)
            guard let id = map[kind], length > 0 else { continue }
            if isLong {
                buffer.append(id)
                buffer.append(UInt8(length))
            } else {
                buffer.append(id << 4 | UInt8(length - 1))
            }
            writeValue(of: kind, into: &buffer, copying: original)
        }
        while (buffer.count - lengthOffset - 2) % 4 != 0, buffer.append(0) {}
        buffer.store(bigEndian: UInt16((buffer.count - lengthOffset - 2) / 4), at: lengthOffset)
    }

    /// Whether an id or a length is beyond what one-byte headers hold; `nil` when there is nothing to write.
    private func needsTwoByteHeaders(map: HeaderExtensionMap, copying original: Span<UInt8>) -> Bool? {
        var result: Bool?
        for kind in HeaderExtensionKind.allCases {
            let length = length(of: kind, copying: original)
            guard let id = map[kind], length > 0 else { continue }
            result = (result ?? false) || id > 14 || length > 16
        }
        return result
    }

    private func writeValue(
        of kind: HeaderExtensionKind, into buffer: inout PacketBuffer, copying original: Span<UInt8>
    ) {
        switch kind {
        case .mid: write(mid, into: &buffer)
        case .rid: write(rid, into: &buffer)
        case .repairedRid: write(repairedRid, into: &buffer)
        case .audioLevel: buffer.append(audioLevel?.byte ?? 0)
        case .transportSequence: buffer.append(bigEndian: transportSequence ?? 0)
        case .absoluteSendTime:
            let time = absoluteSendTime ?? 0
            buffer.append(UInt8(truncatingIfNeeded: time >> 16))
            buffer.append(bigEndian: UInt16(truncatingIfNeeded: time))
        case .absoluteCaptureTime, .dependencyDescriptor, .playoutDelay:
            guard let range = rawRange(of: kind), range.upperBound <= original.count else { return }
            buffer.append(original.extracting(range))
        }
    }

    private func write(_ text: ShortText?, into buffer: inout PacketBuffer) {
        guard let text else { return }
        for index in 0..<text.count { buffer.append(text[index]) }
    }
}
