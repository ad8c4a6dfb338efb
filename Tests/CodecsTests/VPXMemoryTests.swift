import CVPX
import CVPXMemory
import Foundation
import Testing

@Suite("memory of libvpx")
struct VPXMemoryTests {
    private static let mebibyte = 1 << 20

    @Test("a large zeroed block takes up room only where it was written")
    func untouched() throws {
        let size = 64 * Self.mebibyte
        let block = try #require(vpx_calloc(size / 16, 16))
        defer { vpx_free(block) }
        #expect(try residentBytes(of: block, size) < Self.mebibyte)
        memset(block + size / 2, 1, 8 * Self.mebibyte)
        #expect((8...9).contains(try residentBytes(of: block, size) / Self.mebibyte))
    }

    @Test(
        "zeroed blocks are zero, also where others have been", arguments: [0, 1, 24, 4_096, 131_072, 1 << 22])
    func zeroed(size: Int) throws {
        for _ in 0..<3 {
            let block = try #require(vpx_calloc(1, size))
            let bytes = UnsafeMutableRawBufferPointer(start: block, count: size)
            #expect(UInt(bitPattern: block) % 16 == 0)
            #expect(bytes.allSatisfy { $0 == 0 })
            memset(block, 0xA5, size)
            vpx_free(block)
        }
    }

    @Test("blocks start where they are asked to", arguments: [1, 8, 16, 32, 64, 4_096])
    func aligned(alignment: Int) throws {
        let blocks = try (0..<20).map { try #require(vpx_memalign(alignment, $0 * 1_001)) }
        for (index, block) in blocks.enumerated() {
            #expect(UInt(bitPattern: block) % UInt(alignment) == 0)
            memset(block, 0xA5, index * 1_001)
        }
        for block in blocks { vpx_free(block) }
    }

    @Test("what is too large to count, or aligned to no power of two, is refused, and nothing can be freed")
    func refused() {
        // C takes a negative size as one close to the greatest there is.
        #expect(vpx_calloc(.max, 3) == nil)
        #expect(vpx_calloc(1, -9) == nil)
        #expect(vpx_malloc(-9) == nil)
        #expect(vpx_memalign(64, -65) == nil)
        #expect(vpx_memalign(0, 8) == nil)
        #expect(vpx_memalign(24, 8) == nil)
        vpx_free(nil)
    }

    @Test("libvpx is part of the program, so these are the functions that it calls")
    func linked() throws {
        let free: @convention(c) (UnsafeMutableRawPointer?) -> Void = vpx_free
        let program = try #require(try file(at: unsafeBitCast(free, to: UInt.self)))
        #expect(try file(at: UInt(bitPattern: vpx_codec_vp8_cx())) == program)
    }
}

/// How much memory the pages of a block take up.
private func residentBytes(of block: UnsafeMutableRawPointer, _ size: Int) throws -> Int {
    let page = sysconf(Int32(_SC_PAGESIZE))
    let start = UInt(bitPattern: block) & ~UInt(page - 1)
    var isResident = [UInt8](repeating: 0, count: size / page)
    let status = mincore(UnsafeMutableRawPointer(bitPattern: start), size, &isResident)
    try #require(status == 0)
    return isResident.count { $0 & 1 == 1 } * page
}

/// The executable or shared library that an address belongs to.
private func file(at address: UInt) throws -> Substring? {
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    for line in maps.split(separator: "\n") {
        let columns = line.split(separator: " ")
        let bounds = columns[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        if bounds.count == 2, bounds[0] <= address, address < bounds[1] { return columns.last }
    }
    return nil
}
