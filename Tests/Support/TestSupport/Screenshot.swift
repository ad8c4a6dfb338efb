import Foundation
import Testing

/// The pixels of a screen.
package struct Screenshot: Sendable {
    /// In pixels.
    package let width: Int
    /// In pixels.
    package let height: Int
    /// Red, green, blue of every pixel, row by row.
    private let pixels: [UInt8]

    /// Reads a binary PPM with 8 bits a sample.
    package init?(ppm file: [UInt8]) {
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

    /// Brightness from 0 to 255; 0 outside.
    package func luma(x: Int, y: Int) -> UInt8 {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return 0 }
        let index = (y * width + x) * 3
        let sum = 299 * Int(pixels[index]) + 587 * Int(pixels[index + 1]) + 114 * Int(pixels[index + 2])
        return UInt8(clamping: sum / 1_000)
    }

    /// Red, green and blue; nothing outside.
    package func color(x: Int, y: Int) -> [Int] {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return [] }
        let index = (y * width + x) * 3
        return pixels[index..<index + 3].map(Int.init)
    }

    /// Saves it as PNG under `Tests/Output`.
    package func save(as name: String) async throws {
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
