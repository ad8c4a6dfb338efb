import MediaCore
import Foundation
import TestSupport
import Testing

@testable import RoomServer

@Suite("Unpacking gzip")
struct InflaterTests {
    /// Twenty `rtpmap` and `rtcp-fb` lines, packed with a Huffman code of their own.
    private static let packedLines = """
        H4sIAAAAAAACA3XROwrDQAyE4T7gO/gCJqt9SgbfwZX7jSFg8mAJuT+xcZNiRuWvr5s6fb7tVdtorl9mvZrbr7vUPa9tuN+O/q7ro2/P7cynFqI\
        Fak+0hzoQHaCOREeoE9EJ6kx0hroQXaBWohVqI9qQFkfGPB7QC/OCvWfeYx+YD9hH5iP2ifmEfWY+Y1+YL9gr84q9Mf+/7w/VM8B4rAMAAA==
        """

    private static func bytes(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64).map(Array.init) ?? []
    }

    @Test(
        "every kind of block and header comes out as it went in",
        arguments: [
            ("H4sIAAAAAAACA8tIzcnJV8hAJwHjUT2NFwAAAA==", "hello hello hello hello"),
            ("H4sIAAAAAAAEAwEGAPn/c3RvcmVkC/lDVgYAAAA=", "stored"),
            ("H4sICAAAAAAC/25hbWUudHh0AMtLzE1NAQCHzOBxBQAAAA==", "named"),
        ])
    func unpacks(packed: String, text: String) {
        #expect(Inflater.gunzip(Self.bytes(packed), limit: 100) == Array(text.utf8))
    }

    @Test("a block with its own code comes out as it went in")
    func unpacksDynamic() {
        let text = (90..<110).map { "a=rtpmap:\($0) VP8/90000\r\na=rtcp-fb:\($0) nack pli\r\n" }.joined()
        #expect(Inflater.gunzip(Self.bytes(Self.packedLines), limit: 1_000) == Array(text.utf8))
    }

    @Test("more than the limit does not come out", arguments: [0, 1, 939])
    func respectsLimit(limit: Int) {
        #expect(Inflater.gunzip(Self.bytes(Self.packedLines), limit: limit) == nil)
    }

    @Test("a wrong checksum is noticed")
    func checksSum() {
        var packed = Self.bytes(Self.packedLines)
        packed[packed.count - 8] ^= 1
        #expect(Inflater.gunzip(packed, limit: 1_000) == nil)
    }

    @Test("10,000 damaged inputs neither trap nor outgrow the limit")
    func survivesDamage() {
        var random = SeededGenerator(seed: 7)
        let short = Self.bytes("H4sIAAAAAAACA8tIzcnJV8hAJwHjUT2NFwAAAA==")
        let long = Self.bytes(Self.packedLines)
        for round in 0..<10_000 {
            let damaged = (round % 10 == 0 ? long : short).damaged(using: &random)
            let output = Inflater.gunzip(damaged, limit: 1_000)
            #expect((output?.count ?? 0) <= 1_000)
        }
    }
}
