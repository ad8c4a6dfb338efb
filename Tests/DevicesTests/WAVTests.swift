import MediaCore
import Foundation
import Testing

@testable import Devices

@Suite("WAV files")
struct WAVTests {
    @Test("16-bit stereo is mixed to mono")
    func mixesDown() throws {
        let file = try WAVFile(
            parsing: wav(format: 1, channels: 2, rate: 44_100, bits: 16, data: [0, 64, 0, 0, 0, 192, 0, 192]))
        #expect(file.sampleRate == 44_100)
        #expect(file.samples == [0.25, -0.5])
    }

    @Test(
        "every sample format gives the same value",
        arguments: [
            (1, 8, [192]), (1, 16, [0, 64]), (1, 24, [0, 0, 64]), (1, 32, [0, 0, 0, 64]),
            (3, 32, [0, 0, 0, 63]),
            (3, 64, [0, 0, 0, 0, 0, 0, 224, 63]),
        ] as [(Int, Int, [UInt8])])
    func readsFormats(format: Int, bits: Int, data: [UInt8]) throws {
        let file = try WAVFile(
            parsing: wav(format: format, channels: 1, rate: 48_000, bits: bits, data: data))
        #expect(file.samples == [0.5])
    }

    @Test("the extensible form, chunks in between and a size left open by a pipe are understood")
    func readsUncommonForms() throws {
        var format = chunk(
            "fmt ",
            number(0xFFFE, 2) + number(1, 2) + number(8_000, 4) + number(16_000, 4)
                + number(2, 2) + number(16, 2) + number(22, 2) + number(16, 2) + number(4, 4) + number(1, 2)
                + [UInt8](repeating: 0, count: 14))
        format += chunk("LIST", [1, 2, 3])
        let bytes =
            Array("RIFF".utf8) + number(0, 4) + Array("WAVE".utf8) + format
            + Array("data".utf8) + number(0xFFFF_FFFF, 4) + [0, 64, 0, 192]
        let file = try WAVFile(parsing: bytes)
        #expect(file.samples == [0.5, -0.5])
    }

    @Test("what is no usable file says why")
    func rejects() {
        #expect(throws: WAVError.notWAV) { try WAVFile(parsing: []) }
        #expect(throws: WAVError.notWAV) { try WAVFile(parsing: Array("OggS........".utf8)) }
        #expect(throws: WAVError.unsupported(format: 2, bits: 4)) {
            try WAVFile(parsing: wav(format: 2, channels: 1, rate: 8_000, bits: 4, data: [0]))
        }
        #expect(throws: WAVError.noFormat) {
            try WAVFile(parsing: wav(format: 1, channels: 0, rate: 8_000, bits: 16, data: [0]))
        }
        let header = wav(format: 1, channels: 1, rate: 8_000, bits: 16, data: [])
        #expect(throws: WAVError.noData) { try WAVFile(parsing: Array(header.dropLast(8))) }
    }

    @Test("10,000 mutated files neither trap nor give samples out of range")
    func survivesMutations() {
        var random = SeededGenerator(seed: 0x5741_5645)
        let originals = [(1, 16), (1, 24), (3, 32), (3, 64)].map { format, bits in
            wav(
                format: format, channels: 2, rate: 44_100, bits: bits, data: [UInt8](repeating: 77, count: 64)
            )
        }
        var accepted = 0
        for round in 0..<10_000 {
            var bytes = originals[round % originals.count]
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count / 2, using: &random))
            guard let file = try? WAVFile(parsing: bytes) else { continue }
            accepted += 1
            #expect(file.samples.allSatisfy { (-1...1).contains($0) })
        }
        #expect(accepted > 100)
    }

    @Test("a header says exactly what follows, and stays valid beyond 4 GiB")
    func writesHeader() throws {
        let header = WAVWriter.header(dataSize: 4)
        let file = try WAVFile(parsing: header + [0, 64, 0, 192])
        #expect(file.sampleRate == 48_000)
        #expect(file.samples == [0.5, -0.5])
        #expect(WAVWriter.header(dataSize: 1 << 40).suffix(4) == [255, 255, 255, 255])
    }

    @Test("what was written is in the file before it is closed, as far as the header was renewed")
    func writesContinuously() throws {
        let path = temporaryPath("wav")
        defer { unlink(path) }
        let writer = try WAVWriter(path: path)
        let second = [Int16](repeating: 16_384, count: 48_000)
        second.withUnsafeBufferPointer { samples in
            #expect(throws: Never.self) { try writer.append(samples) }
            #expect(throws: Never.self) {
                try writer.append(UnsafeBufferPointer(rebasing: samples.prefix(480)))
            }
        }
        #expect(try WAVFile(parsing: readFile(path)).samples.count == 48_000)
        writer.close()
        let file = try WAVFile(parsing: readFile(path))
        #expect(file.samples.count == 48_480)
        #expect(file.samples.allSatisfy { $0 == 0.5 })
    }

    @Test("a file that cannot be opened says which and why")
    func namesMissingFile() {
        let error = #expect(throws: DeviceError.self) { try FileAudioSource(path: "/nonexistent/a.wav") }
        #expect(error?.description.contains("/nonexistent/a.wav") == true)
    }

    private func wav(format: Int, channels: Int, rate: Int, bits: Int, data: [UInt8]) -> [UInt8] {
        let width = channels * bits / 8
        let head = number(format, 2) + number(channels, 2) + number(rate, 4) + number(rate * width, 4)
        let body =
            Array("WAVE".utf8) + chunk("fmt ", head + number(width, 2) + number(bits, 2))
            + chunk("data", data)
        return chunk("RIFF", body)
    }

    private func chunk(_ tag: String, _ body: [UInt8]) -> [UInt8] {
        Array(tag.utf8) + number(body.count, 4) + body + (body.count % 2 == 1 ? [0] : [])
    }

    private func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
