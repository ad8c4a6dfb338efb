import Devices
import Foundation
import MediaCore
import Testing

/// The pixels of a screen.
struct Screenshot: Sendable {
    let width: Int
    let height: Int
    /// Red, green, blue of every pixel, row by row.
    private let pixels: [UInt8]

    /// Reads a binary PPM with 8 bits a sample.
    init?(ppm file: [UInt8]) {
        let header = file.prefix(64).split(
            separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
        guard header.count == 4, header[0].elementsEqual("P6".utf8), header[2].elementsEqual("255".utf8)
        else {
            return nil
        }
        let size = String(decoding: header[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard size.count == 2, file.count - header[3].startIndex == size[0] * size[1] * 3 else { return nil }
        (width, height) = (size[0], size[1])
        pixels = Array(file[header[3].startIndex...])
    }

    /// A part of it, as a picture (luma only).
    func picture(_ rect: PixelRect) throws -> VideoFrame {
        let frame = VideoFramePool().makeFrame(width: rect.width, height: rect.height, captureTime: .zero) {
            planes in
            for row in 0..<rect.height {
                for column in 0..<rect.width {
                    planes.y[row * planes.yStride + column] = luma(x: rect.x + column, y: rect.y + row)
                }
            }
            return true
        }
        return try #require(frame)
    }

    /// The number of the test picture shown in a part of it, if it can be read.
    func number(in rect: PixelRect) -> UInt64? {
        (try? picture(rect)).flatMap { Timecode.number(of: $0) }
    }

    /// Brightness from 0 to 255; 0 outside.
    func luma(x: Int, y: Int) -> UInt8 {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return 0 }
        let index = (y * width + x) * 3
        let sum = 299 * Int(pixels[index]) + 587 * Int(pixels[index + 1]) + 114 * Int(pixels[index + 2])
        return UInt8(clamping: sum / 1_000)
    }

    /// Red, green and blue.
    func color(x: Int, y: Int) -> [Int] {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return [] }
        let index = (y * width + x) * 3
        return pixels[index..<index + 3].map(Int.init)
    }

    /// How many pixels of a part of it are brighter than grey.
    func brightPixels(in rect: PixelRect) -> Int {
        var count = 0
        for y in rect.y..<rect.y + rect.height {
            for x in rect.x..<rect.x + rect.width where luma(x: x, y: y) > 140 { count += 1 }
        }
        return count
    }

    /// Saves it as PNG under `Tests/Output`.
    func save(as name: String) async throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = tests.appending(path: "Output")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ppm = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).ppm")
        defer { try? FileManager.default.removeItem(at: ppm) }
        try Data("P6\n\(width) \(height)\n255\n".utf8 + pixels).write(to: ppm)
        let path = folder.appending(path: name).path
        try await SpawnedProgram.run(["convert", ppm.path, path]) { program in
            #expect(await program.status(within: .seconds(10)) == 0)
        }
    }
}
