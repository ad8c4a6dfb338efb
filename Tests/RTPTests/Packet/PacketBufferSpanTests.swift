import MediaCore
import Testing

@testable import RTP

@Suite("Packet buffers as spans")
struct PacketBufferSpanTests {
    private let pool = PacketPool()

    @Test("what is appended is lent in order")
    func appending() {
        var buffer = pool.take()
        buffer.append(1)
        buffer.append(bigEndian: 0x0203 as UInt16)
        buffer.append(bigEndian: 0x0405_0607 as UInt32)
        _ = buffer.append([8, 9])
        let count = buffer.withSpan { $0.count }
        #expect(count == 9)
        let array = buffer.array
        #expect(array == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    }

    @Test("a full buffer refuses and stays as it is")
    func full() {
        var buffer = pool.take()
        var results = [buffer.append([UInt8](repeating: 1, count: PacketBuffer.capacity - 1))]
        results.append(buffer.append([2, 3]))
        results.append(buffer.append(bigEndian: 0 as UInt16))
        results.append(buffer.append(2))
        results.append(buffer.append(3))
        #expect(results == [true, false, false, true, false])
        let count = buffer.count
        #expect(count == PacketBuffer.capacity)
    }

    @Test(
        "only valid bytes can be replaced",
        arguments: [(-1, false), (0, true), (2, true), (3, false), (.max, false)])
    func storing(offset: Int, fits: Bool) {
        var buffer = pool.take()
        buffer.append(bigEndian: 0 as UInt32)
        let isStored = buffer.store(bigEndian: 0xABCD as UInt16, at: offset)
        #expect(isStored == fits)
        buffer.withMutableSpan { $0[0] = 7 }
        let first = buffer.withSpan { $0.byte(at: 0) }
        #expect(first == 7)
    }

    @Test(
        "reading behind the end is nil",
        arguments: [(-1, 0), (0, 4), (1, 4), (2, 3), (3, 2), (4, 1), (5, 0), (.max - 1, 0)])
    func reading(offset: Int, sizes: Int) {
        let bytes: [UInt8] = [1, 2, 3, 4, 5]
        let span = bytes.span
        let readable = [
            span.byte(at: offset) != nil, span.uint16(at: offset) != nil, span.uint24(at: offset) != nil,
            span.uint32(at: offset) != nil,
        ]
        #expect(readable.count(where: { $0 }) == sizes)
        let tooLong = span.uint64(at: offset)
        #expect(tooLong == nil)
    }

    @Test("a number of 64 bits is read from its first byte on")
    func readingLong() {
        let bytes: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2]
        let value = bytes.span.uint64(at: 0)
        #expect(value == 0x1_0000_0002)
    }
}
