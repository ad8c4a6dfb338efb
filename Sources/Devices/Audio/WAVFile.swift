/// Why bytes are no usable WAV file.
enum WAVError: Error, Hashable, CustomStringConvertible {
    case notWAV, noFormat, noData
    case unsupported(format: Int, bits: Int)

    var description: String {
        switch self {
        case .notWAV: "it is no WAV file"
        case .noFormat: "it has no valid format chunk"
        case .noData: "it has no data chunk"
        case .unsupported(let format, let bits): "format \(format) with \(bits) bits is not supported"
        }
    }
}

/// The sound of a WAV file (RIFF, PCM of 8 to 32 bits or float), mixed down to one channel.
struct WAVFile {
    /// Samples per second.
    let sampleRate: Int
    /// Mono, -1...1.
    let samples: [Float]

    init(parsing bytes: [UInt8]) throws(WAVError) {
        let reader = LittleEndianReader(bytes)
        guard reader.tag(at: 0) == "RIFF", reader.tag(at: 8) == "WAVE" else { throw .notWAV }
        var format: SampleFormat?
        var position = 12
        while let tag = reader.tag(at: position), let size = reader.uint32(at: position + 4) {
            let start = position + 8
            // A size beyond the end is what a writer that was killed, or wrote to a pipe, leaves behind.
            let end = min(bytes.count, start + size)
            switch tag {
            case "fmt ": format = try SampleFormat(parsing: reader, at: start, end: end)
            case "data":
                guard let format else { throw .noFormat }
                sampleRate = format.sampleRate
                samples = format.decode(bytes[start..<end])
                return
            default: break
            }
            position = end + (size & 1)
        }
        throw format == nil ? .noFormat : .noData
    }
}

/// How the samples of a file are stored: the `fmt ` chunk.
private struct SampleFormat {
    enum Encoding { case unsigned8, signed16, signed24, signed32, float32, float64 }

    let encoding: Encoding
    let channelCount: Int
    let sampleRate: Int

    init(parsing reader: LittleEndianReader, at start: Int, end: Int) throws(WAVError) {
        guard end - start >= 16, var tag = reader.uint16(at: start),
            let channels = reader.uint16(at: start + 2),
            let rate = reader.uint32(at: start + 4), let bits = reader.uint16(at: start + 14)
        else { throw .noFormat }
        // WAVE_FORMAT_EXTENSIBLE: the real format is the start of the sub-format GUID.
        if tag == 0xFFFE, end - start >= 26, let inner = reader.uint16(at: start + 24) { tag = inner }
        guard (1...64).contains(channels), (1_000...768_000).contains(rate) else { throw .noFormat }
        switch (tag, bits) {
        case (1, 8): encoding = .unsigned8
        case (1, 16): encoding = .signed16
        case (1, 24): encoding = .signed24
        case (1, 32): encoding = .signed32
        case (3, 32): encoding = .float32
        case (3, 64): encoding = .float64
        default: throw .unsupported(format: tag, bits: bits)
        }
        channelCount = channels
        sampleRate = rate
    }

    private var bytesPerSample: Int {
        switch encoding {
        case .unsigned8: 1
        case .signed16: 2
        case .signed24: 3
        case .signed32, .float32: 4
        case .float64: 8
        }
    }

    /// Mono samples of whole frames; a cut one at the end is left out.
    func decode(_ bytes: ArraySlice<UInt8>) -> [Float] {
        let width = bytesPerSample
        let frameCount = bytes.count / (width * channelCount)
        var mono = [Float](repeating: 0, count: frameCount)
        bytes.withUnsafeBytes { raw in
            var offset = 0
            for frame in 0..<frameCount {
                var sum: Float = 0
                for _ in 0..<channelCount {
                    sum += sample(raw, at: offset)
                    offset += width
                }
                mono[frame] = sum / Float(channelCount)
            }
        }
        return mono
    }

    private func sample(_ raw: UnsafeRawBufferPointer, at offset: Int) -> Float {
        switch encoding {
        case .unsigned8: return (Float(raw[offset]) - 128) / 128
        case .signed16: return Float(raw.loadUnaligned(fromByteOffset: offset, as: Int16.self)) / 32_768
        case .signed24:
            let low = UInt32(raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            let word = Int32(bitPattern: (UInt32(raw[offset + 2]) << 24) | (low << 8))
            return Float(word) / 2_147_483_648
        case .signed32:
            return Float(raw.loadUnaligned(fromByteOffset: offset, as: Int32.self)) / 2_147_483_648
        case .float32: return sane(raw.loadUnaligned(fromByteOffset: offset, as: Float.self))
        case .float64: return sane(Float(raw.loadUnaligned(fromByteOffset: offset, as: Double.self)))
        }
    }

    /// Files may hold infinities and not-a-number; neither survives a conversion to integers.
    private func sane(_ value: Float) -> Float {
        value.isFinite ? min(max(value, -1), 1) : 0
    }
}

/// Reads numbers out of bytes; `nil` past the end.
private struct LittleEndianReader {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func tag(at offset: Int) -> String? {
        guard offset + 4 <= bytes.count else { return nil }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }

    func uint16(at offset: Int) -> Int? {
        guard offset + 2 <= bytes.count else { return nil }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    func uint32(at offset: Int) -> Int? {
        guard let low = uint16(at: offset), let high = uint16(at: offset + 2) else { return nil }
        return low | high << 16
    }
}
