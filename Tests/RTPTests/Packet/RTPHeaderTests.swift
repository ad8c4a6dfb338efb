import MediaCore
import Testing

@testable import RTP

@Suite("RTP header")
struct RTPHeaderTests {
    private let pool = PacketPool()
    private let map = HeaderExtensionMap([
        .mid: 1, .rid: 2, .repairedRid: 3, .audioLevel: 4, .transportSequence: 5, .absoluteSendTime: 6,
        .dependencyDescriptor: 8, .playoutDelay: 9, .absoluteCaptureTime: 10,
    ])

    private func header(_ change: (inout HeaderExtensions) -> Void = { _ in }) -> RTPHeader {
        var extensions = HeaderExtensions()
        change(&extensions)
        return RTPHeader(
            marker: true, payloadType: PayloadType(96), sequenceNumber: 0xFFFE, timestamp: 0x89AB_CDEF,
            ssrc: SSRC(0x1234_5678), extensions: extensions)
    }

    private func written(_ header: RTPHeader, _ map: HeaderExtensionMap, copying: [UInt8] = []) -> [UInt8] {
        var buffer = pool.take()
        let length = header.write(into: &buffer, map: map, copying: copying.span)
        let bytes = buffer.array
        #expect(length == bytes.count)
        return bytes
    }

    @Test("a header without extensions is the twelve bytes of RFC 3550")
    func plain() {
        #expect(
            written(header(), map)
                == [0x80, 0xE0, 0xFF, 0xFE, 0x89, 0xAB, 0xCD, 0xEF, 0x12, 0x34, 0x56, 0x78])
    }

    @Test("extensions have one-byte headers, padded to a word")
    func oneByteForm() {
        let header = header {
            $0.mid = "0"
            $0.audioLevel = AudioLevel(level: 37, isVoice: true)
            $0.transportSequence = 0xFFFF
        }
        let bytes = written(header, map)
        #expect(bytes[0] == 0x90)
        #expect(
            Array(bytes[12...])
                == [0xBE, 0xDE, 0, 2, 0x10, 0x30, 0x40, 0x80 | 37, 0x51, 0xFF, 0xFF, 0])
    }

    @Test("an id above 14 brings two-byte headers")
    func twoByteForm() throws {
        var map = map
        map[.transportSequence] = 200
        let header = header {
            $0.mid = "video"
            $0.transportSequence = 7
        }
        let bytes = written(header, map)
        #expect(
            Array(bytes[12...])
                == [0x10, 0x00, 0, 3, 1, 5] + Array("video".utf8) + [200, 2, 0, 7, 0])
        let read = try #require(RTPHeader(parsing: bytes, map: map))
        #expect(read.extensions.mid == "video")
        #expect(read.extensions.transportSequence == 7)
    }

    @Test("every value comes back as it was written", arguments: [1, 30, 200] as [UInt8])
    func roundTrip(firstID: UInt8) throws {
        var map = HeaderExtensionMap()
        for (index, kind) in HeaderExtensionKind.allCases.enumerated() { map[kind] = firstID + UInt8(index) }
        let header = header {
            $0.mid = "0123456789abcdef"
            $0.rid = "q"
            $0.repairedRid = "h"
            $0.audioLevel = AudioLevel(level: 127, isVoice: false)
            $0.transportSequence = 0
            $0.absoluteSendTime = 0xFF_FFFF
        }
        let read = try #require(RTPHeader(parsing: written(header, map) + [1, 2, 3], map: map))
        #expect(read.marker && read.payloadType == header.payloadType && read.ssrc == header.ssrc)
        #expect(read.sequenceNumber == header.sequenceNumber && read.timestamp == header.timestamp)
        #expect(read.extensions.mid?.string == "0123456789abcdef")
        #expect(read.extensions.rid == "q" && read.extensions.repairedRid == "h")
        #expect(read.extensions.audioLevel == header.extensions.audioLevel)
        #expect(read.extensions.transportSequence == 0)
        #expect(read.extensions.absoluteSendTime == 0xFF_FFFF)
        #expect(read.payloadRange(of: read.headerLength + 3).count == 3)
    }

    @Test("extensions without an id are left out")
    func unmapped() {
        let header = header { $0.mid = "0" }
        #expect(written(header, HeaderExtensionMap()).count == 12)
    }

    @Test("opaque extensions are copied from the packet they came in, under the ids of the other side")
    func copying() throws {
        let original: [UInt8] =
            [0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xBE, 0xDE, 0, 2, 0x82, 0xA, 0xB, 0xC, 0x92, 1, 2, 3]
        let read = try #require(RTPHeader(parsing: original, map: map))
        #expect(read.extensions.rawRange(of: .dependencyDescriptor) == 17..<20)
        var other = HeaderExtensionMap()
        other[.dependencyDescriptor] = 12
        let bytes = written(read, other, copying: original)
        #expect(Array(bytes[12...]) == [0xBE, 0xDE, 0, 1, 0xC2, 0xA, 0xB, 0xC])
        #expect(written(read, other).count == 12)
    }

    @Test("a long dependency descriptor is copied with two-byte headers")
    func copyingLong() throws {
        let value = [UInt8](0..<40)
        let original =
            [0x90, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x10, 0, 0, 11, 8, 40] as [UInt8] + value + [0, 0]
        let read = try #require(RTPHeader(parsing: original, map: map))
        let copy = written(read, map, copying: original)
        let again = try #require(RTPHeader(parsing: copy, map: map))
        let range = try #require(again.extensions.rawRange(of: .dependencyDescriptor))
        #expect(Array(copy[range]) == value)
    }

    @Test("padding bytes and unknown ids are skipped, and id 15 ends the extensions")
    func oddElements() throws {
        let bytes: [UInt8] =
            [
                0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 3, 0, 0, 0x70, 9, 0x10, 0x31, 0xF0, 0,
                0x20, 0x32, 0, 0,
            ]
        let read = try #require(RTPHeader(parsing: bytes, map: map))
        #expect(read.extensions.mid == "1")
        #expect(read.extensions.rid == nil)
    }

    @Test("an element that reaches over the end is not read")
    func overlongElement() throws {
        let bytes: [UInt8] = [
            0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1, 0x40, 5, 0x13, 0x31, 9, 9,
        ]
        let read = try #require(RTPHeader(parsing: bytes, map: map))
        #expect(read.extensions.audioLevel?.level == 5)
        #expect(read.extensions.mid == nil)
    }

    @Test("contributing sources and padding are not payload")
    func contributingSourcesAndPadding() throws {
        let bytes: [UInt8] =
            [0xA2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 8) + [7, 7, 0, 0, 3]
        let read = try #require(RTPHeader(parsing: bytes, map: map))
        #expect(read.headerLength == 20)
        #expect(read.payloadRange(of: bytes.count) == 20..<22)
    }

    @Test(
        "packets that contradict themselves are dropped",
        arguments: [
            [], [0x80], [UInt8](repeating: 0, count: 12),
            [0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1],
            [0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE],
            [0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0],
            [0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 3],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        #expect(RTPHeader(parsing: bytes, map: map) == nil)
    }

    @Test("damaged packets never trap, and what is read of them lies inside")
    func mutations() {
        var headers: [[UInt8]] = []
        for offset in [0, 20] as [UInt8] {
            var map = map
            map[.mid] = 1 + offset
            let header = header {
                $0.mid = "audio"
                $0.rid = "f"
                $0.audioLevel = AudioLevel(level: 1, isVoice: true)
                $0.transportSequence = 9
                $0.absoluteSendTime = 1
            }
            headers.append(written(header, map) + [1, 2, 3, 4])
        }
        headers.append(
            [0xB3] + [UInt8](repeating: 0, count: 23) + [0x10, 0x01, 0, 1, 1, 2, 3, 4, 0, 0, 0, 4])
        var mutations = Mutations(seed: 3550)
        var valid = 0
        for _ in 0..<10_000 {
            let bytes = mutations.next(of: headers)
            guard let read = RTPHeader(parsing: bytes, map: map) else { continue }
            valid += 1
            #expect(read.payloadRange(of: bytes.count).upperBound + read.paddingLength == bytes.count)
            for kind in HeaderExtensionKind.allCases {
                if let range = read.extensions.rawRange(of: kind) {
                    #expect(range.upperBound <= read.headerLength)
                }
            }
        }
        #expect((1_000..<9_900).contains(valid))
    }
}
