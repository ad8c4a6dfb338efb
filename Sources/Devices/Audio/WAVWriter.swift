import Glibc

/// Writes a WAV file, 48 kHz mono 16 bits, whose header is right at least every second.
///
/// A program that is killed leaves a file that plays.
final class WAVWriter {
    private static let headerSize = 44
    private static let samplesPerHeader = 48_000

    private let path: String
    private var file: Int32
    /// Bytes of sound written.
    private var dataSize = 0
    private var samplesSinceHeader = 0

    /// Creates or empties the file.
    init(path: String) throws(DeviceError) {
        self.path = path
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw .badFile(path: path, reason: systemMessage()) }
        try writeHeader()
    }

    deinit {
        if file >= 0 { Glibc.close(file) }
    }

    /// Appends samples.
    func append(_ samples: UnsafeBufferPointer<Int16>) throws(DeviceError) {
        guard file >= 0 else { return }
        let bytes = UnsafeRawBufferPointer(samples)
        try write(bytes, at: Self.headerSize + dataSize)
        dataSize += bytes.count
        samplesSinceHeader += samples.count
        if samplesSinceHeader >= Self.samplesPerHeader { try writeHeader() }
    }

    /// Completes the header and closes the file.
    func close() {
        guard file >= 0 else { return }
        try? writeHeader()
        Glibc.close(file)
        file = -1
    }

    private func writeHeader() throws(DeviceError) {
        samplesSinceHeader = 0
        let header = Self.header(dataSize: dataSize)
        let status: Result<Void, DeviceError> = header.withUnsafeBytes { bytes in
            Result { () throws(DeviceError) in try write(bytes, at: 0) }
        }
        try status.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DeviceError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(file, bytes.baseAddress?.advanced(by: done), bytes.count - done, offset + done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .badFile(path: path, reason: systemMessage()) }
            done += count
        }
    }

    /// The 44 bytes in front of the samples; sizes beyond 4 GiB stay at the largest number.
    static func header(dataSize: Int) -> [UInt8] {
        let data = UInt32(clamping: dataSize)
        let (rate, bytesPerFrame) = (UInt32(48_000), UInt16(2))
        var bytes = Array("RIFF".utf8)
        bytes.append(littleEndian: UInt32(clamping: dataSize + headerSize - 8))
        bytes += Array("WAVEfmt ".utf8)
        bytes.append(littleEndian: UInt32(16))
        bytes.append(littleEndian: UInt16(1))
        bytes.append(littleEndian: UInt16(1))
        bytes.append(littleEndian: rate)
        bytes.append(littleEndian: rate * UInt32(bytesPerFrame))
        bytes.append(littleEndian: bytesPerFrame)
        bytes.append(littleEndian: UInt16(16))
        bytes += Array("data".utf8)
        bytes.append(littleEndian: data)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
