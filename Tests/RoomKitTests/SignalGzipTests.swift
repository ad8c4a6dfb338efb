import Foundation
import Testing

@testable import RoomKit

/// Unpacks a gzip member with the gzip program: somebody else's reading of the format.
func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let writer = Thread {
        input.fileHandleForWriting.write(Data(bytes))
        try? input.fileHandleForWriting.close()
    }
    writer.start()
    let plain = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "gzip cannot read it")
    return Array(plain)
}

@Suite("Gzip")
struct SignalGzipTests {
    @Test("the checksum is CRC-32")
    func checksum() {
        #expect(Gzip.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(Gzip.checksum([]) == 0)
    }

    static let inputs: [[UInt8]] = [
        [], [0], [255, 255, 255], Array("abcabcabcabcabcabcabcd".utf8), [UInt8](repeating: 7, count: 100_000),
        (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }, Array(0...255) + Array(0...255),
        // A repetition at the farthest distance, and one beyond it.
        [1, 2, 3, 4] + [UInt8](repeating: 9, count: 32_764) + [1, 2, 3, 4],
        [1, 2, 3, 4] + [UInt8](repeating: 9, count: 32_765) + [1, 2, 3, 4],
    ]

    @Test("the gzip program reads back what was packed", arguments: inputs)
    func roundTrip(bytes: [UInt8]) throws {
        #expect(try gunzip(Gzip.compress(bytes)) == bytes)
    }

    @Test("matches of every length are read back")
    func lengths() throws {
        var bytes: [UInt8] = []
        for length in 3...300 {
            let run = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ length) }
            bytes += run + [UInt8(truncatingIfNeeded: length)] + run
        }
        #expect(try gunzip(Gzip.compress(bytes)) == bytes)
    }

    @Test("an offer shrinks to less than a third")
    func ratio() {
        let line =
            "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
        let offer = (0..<50).map { "m=video 9 UDP/TLS/RTP/SAVPF \($0)\r\n" + line }.joined()
        #expect(Gzip.compress(Array(offer.utf8)).count * 3 < offer.utf8.count)
    }
}
