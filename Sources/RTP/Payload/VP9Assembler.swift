import MediaCore

/// Joins the payloads of all layers of one VP9 picture.
struct VP9Assembler: Sendable {
    /// Sizes of the layers so far; the format has no more than eight.
    private var sizes = InlineArray<8, Int>(repeating: 0)
    private var layerCount = 0
    private var isInsideLayer = false

    mutating func add(_ payload: Span<UInt8>, to bytes: inout [UInt8]) -> Bool {
        guard let descriptor = VP9Descriptor(parsing: payload), descriptor.startsLayer != isInsideLayer else {
            return false
        }
        if descriptor.startsLayer {
            guard layerCount < 8 else { return false }
            layerCount += 1
        }
        isInsideLayer = !descriptor.endsLayer
        let data = payload.extracting(descriptor.encodedLength..<payload.count)
        bytes.append(data)
        sizes[layerCount - 1] += data.count
        return true
    }

    mutating func finish(_ bytes: inout [UInt8]) -> Bool {
        defer { self = VP9Assembler() }
        guard layerCount > 0, !isInsideLayer else { return false }
        if layerCount > 1 { appendIndex(to: &bytes) }
        return true
    }

    /// Adds the superframe index, without which decoders take the first layer only (VP9 bitstream Annex B).
    private func appendIndex(to bytes: inout [UInt8]) {
        // Marker 110, bytes per size less one, layers less one; the same in front and behind.
        let marker: UInt8 = 0b1100_0000 | 3 << 3 | UInt8(layerCount - 1)
        bytes.append(marker)
        for index in 0..<layerCount {
            bytes.append(bigEndian: UInt32(truncatingIfNeeded: sizes[index]).byteSwapped)
        }
        bytes.append(marker)
    }
}
