import MediaCore
import Testing

@testable import RTP

@Suite("SendStream")
struct SendStreamTests {
    private static let pool = PacketPool()
    private static let map = HeaderExtensionMap([
        .mid: 1, .rid: 2, .repairedRid: 3, .transportSequence: 4, .absoluteSendTime: 5, .audioLevel: 6,
        .dependencyDescriptor: 7,
    ])

    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static func stream(
        firstSequence: UInt16 = 10, hasRetransmission: Bool = true, rid: ShortText? = nil
    ) -> SendStream {
        SendStream(
            .init(
                ssrc: SSRC(100), retransmissionSSRC: hasRetransmission ? SSRC(200) : nil,
                retransmissionTypes: [(original: PayloadType(96), repeated: PayloadType(97))],
                clockRate: 90_000,
                extensions: map, mid: "v", rid: rid, cacheCapacity: 500),
            firstSequence: firstSequence, firstRepeatSequence: 7_000)
    }

    private static func append(_ payload: [UInt8], to stream: inout SendStream, timestamp: UInt32 = 5)
        -> UInt16
    {
        stream.append(
            prefix: Span(), payload: payload.span, marker: true, timestamp: timestamp,
            payloadType: PayloadType(96))
    }

    /// Header and payload of a packet that was written.
    private static func read(_ packet: borrowing PacketBuffer) throws -> (header: RTPHeader, payload: [UInt8])
    {
        let bytes = packet.array
        let header = try #require(RTPHeader(parsing: bytes, map: map))
        return (header, Array(bytes[header.payloadRange(of: bytes.count)]))
    }

    @Test(
        "a packet has the next number, its content, and what is known when it leaves",
        arguments: [10, 65_535] as [UInt16])
    func writes(firstSequence: UInt16) throws {
        var stream = Self.stream(firstSequence: firstSequence, rid: "h")
        var packet = Self.pool.take()
        let prefix: [UInt8] = [1, 2]
        let payload: [UInt8] = [3, 4, 5]
        let first = stream.append(
            prefix: prefix.span, payload: payload.span, marker: true, timestamp: 77,
            payloadType: PayloadType(96))
        let second = Self.append([9], to: &stream)
        #expect(first == firstSequence)
        #expect(second == firstSequence &+ 1)
        let departure = SendStream.Departure(transportSequence: 42, time: Self.time(1_500))
        let isWritten = stream.write(first, into: &packet, at: departure)
        #expect(isWritten)
        let (header, content) = try Self.read(packet)
        #expect(content == [1, 2, 3, 4, 5])
        #expect(header.ssrc == SSRC(100))
        #expect(header.sequenceNumber == firstSequence)
        #expect(header.timestamp == 77)
        #expect(header.marker)
        #expect(header.extensions.mid == "v")
        #expect(header.extensions.rid == "h")
        #expect(header.extensions.transportSequence == 42)
        #expect(header.extensions.absoluteSendTime == 3 << 17)
        #expect(stream.statistics.packets == 1)
        #expect(stream.statistics.bytes == 5)
    }

    @Test("a repeat is a packet of the other stream with the original number in front (RFC 4588 §4)")
    func repeats() throws {
        var stream = Self.stream(rid: "h")
        var packet = Self.pool.take()
        let number = Self.append([3, 4, 5], to: &stream)
        let isWritten = stream.write(
            number, into: &packet, at: .init(transportSequence: 1, time: Self.time(0)))
        #expect(isWritten)
        let departure = SendStream.Departure(transportSequence: 2, time: Self.time(50))
        let isRepeated = stream.writeRepeat(of: number, into: &packet, at: departure)
        #expect(isRepeated)
        let (header, content) = try Self.read(packet)
        #expect(header.ssrc == SSRC(200))
        #expect(header.payloadType == PayloadType(97))
        #expect(header.sequenceNumber == 7_000)
        #expect(header.timestamp == 5)
        #expect(content == [0, 10, 3, 4, 5])
        #expect(header.extensions.repairedRid == "h")
        #expect(header.extensions.rid == nil)
        #expect(header.extensions.transportSequence == 2)
    }

    @Test("a packet is repeated at most once per pause, and not when it is gone")
    func repeatsOnce() {
        var stream = Self.stream()
        var packet = Self.pool.take()
        let number = Self.append([3], to: &stream)
        func repeated(_ sequence: UInt16, at milliseconds: Int64) -> Bool {
            let departure = SendStream.Departure(transportSequence: nil, time: Self.time(milliseconds))
            let size = stream.beginRepeat(of: sequence, at: departure.time, pause: .milliseconds(40))
            guard size != nil else { return false }
            return stream.writeRepeat(of: sequence, into: &packet, at: departure)
        }
        let answers = [(number, 0), (number, 39), (number, 40), (number &+ 1, 100)].map {
            repeated($0, at: $1)
        }
        #expect(answers == [true, false, true, false])
        for _ in 0..<512 { _ = Self.append([4], to: &stream) }
        let isStillThere = repeated(number, at: 200)
        #expect(!isStillThere)
        #expect(stream.statistics.repeats == 2)
    }

    @Test("without a stream for repeats a packet is repeated as it was")
    func plainRepeat() throws {
        var stream = Self.stream(hasRetransmission: false)
        var packet = Self.pool.take()
        let number = Self.append([3, 4], to: &stream)
        let departure = SendStream.Departure(transportSequence: 2, time: Self.time(50))
        let isRepeated = stream.writeRepeat(of: number, into: &packet, at: departure)
        #expect(isRepeated)
        let (header, content) = try Self.read(packet)
        #expect(header.ssrc == SSRC(100))
        #expect(header.sequenceNumber == number)
        #expect(content == [3, 4])
    }

    @Test("padding is a recent packet of the wanted size once more, or nothing but padding (RFC 3550 §5.1)")
    func padding() throws {
        var stream = Self.stream()
        var packet = Self.pool.take()
        let nothing = stream.writePadding(
            upTo: 500, into: &packet, at: .init(transportSequence: 1, time: Self.time(0)))
        #expect(!nothing && !stream.canPad)
        for size in [10, 400] {
            let number = Self.append([UInt8](repeating: 6, count: size), to: &stream)
            _ = stream.write(number, into: &packet, at: .init(transportSequence: 2, time: Self.time(1)))
        }
        #expect(stream.canPad)
        var seen: [(payload: Int, padding: Int, sequence: UInt16)] = []
        for step in 0..<3 {
            let departure = SendStream.Departure(transportSequence: 3, time: Self.time(2 + Int64(step)))
            let isWritten = stream.writePadding(upTo: 500, into: &packet, at: departure)
            #expect(isWritten)
            let (header, content) = try Self.read(packet)
            #expect(header.ssrc == SSRC(200) && header.payloadType == PayloadType(97))
            #expect(header.extensions.transportSequence == 3)
            seen.append((content.count, header.paddingLength, header.sequenceNumber))
        }
        #expect(seen.map(\.payload) == [402, 0, 0])
        #expect(seen.map(\.padding) == [0, 224, 224])
        #expect(seen.map(\.sequence) == [7_000, 7_001, 7_002])
        #expect(stream.statistics.paddingPackets == 3)
    }

    @Test("a stream whose repeats have no numbers of their own does not pad")
    func noPadding() {
        var stream = Self.stream(hasRetransmission: false)
        var packet = Self.pool.take()
        let number = Self.append([3, 4], to: &stream)
        let departure = SendStream.Departure(transportSequence: 2, time: Self.time(50))
        _ = stream.write(number, into: &packet, at: departure)
        let isWritten = stream.writePadding(upTo: 500, into: &packet, at: departure)
        #expect(!isWritten && !stream.canPad)
    }

    @Test(
        "what is forwarded keeps opaque extensions and loses those of the other transport"
    )
    func forwards() throws {
        // One-byte extensions: mid "q" as 8, dependency descriptor as 9, transport sequence as 10.
        let original: [UInt8] = [
            0x90, 0x60, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xBE, 0xDE, 0, 3,
            0x80, 0x71, 0x93, 0xD1, 0xD2, 0xD3, 0xD4, 0xA1, 0x12, 0x34, 0, 0, 0xAA, 0xBB,
        ]
        let theirs = HeaderExtensionMap([.mid: 8, .dependencyDescriptor: 9, .transportSequence: 10])
        var header = try #require(RTPHeader(parsing: original, map: theirs))
        header.sequenceNumber = 900
        header.timestamp = 4_000
        header.payloadType = PayloadType(96)
        var stream = Self.stream()
        var packet = Self.pool.take()
        let payload: [UInt8] = [0xAB, 0xCD]
        stream.append(forwarded: header, of: original.span, payload: payload.span)
        let isWritten = stream.write(900, into: &packet, at: .init(transportSequence: 7, time: Self.time(0)))
        #expect(isWritten)
        for isRepeat in [false, true] {
            if isRepeat {
                let departure = SendStream.Departure(transportSequence: 8, time: Self.time(9))
                let isRepeated = stream.writeRepeat(of: 900, into: &packet, at: departure)
                #expect(isRepeated)
            }
            let (written, content) = try Self.read(packet)
            #expect(written.timestamp == 4_000)
            #expect(written.extensions.mid == "v")
            #expect(written.extensions.transportSequence == (isRepeat ? 8 : 7))
            let range = try #require(written.extensions.rawRange(of: .dependencyDescriptor))
            #expect(Array(packet.array[range]) == [0xD1, 0xD2, 0xD3, 0xD4])
            #expect(content == (isRepeat ? [3, 132, 0xAB, 0xCD] : [0xAB, 0xCD]))
        }
    }

    @Test("what a frame depends on stands in the header, also of repeats", arguments: [3, 90])
    func dependencies(length: Int) throws {
        var stream = Self.stream()
        var packet = Self.pool.take()
        let descriptor = content(length)
        let prefix: [UInt8] = [1]
        let payload: [UInt8] = [2, 3]
        let number = stream.append(
            prefix: prefix.span, payload: payload.span, marker: true, timestamp: 5,
            payloadType: PayloadType(96), dependencies: descriptor.span)
        let departure = SendStream.Departure(transportSequence: 7, time: Self.time(0))
        let isWritten = stream.write(number, into: &packet, at: departure)
        #expect(isWritten)
        for isRepeat in [false, true] {
            if isRepeat {
                let isRepeated = stream.writeRepeat(of: number, into: &packet, at: departure)
                #expect(isRepeated)
            }
            let (written, content) = try Self.read(packet)
            #expect(written.extensions.mid == "v" && written.extensions.transportSequence == 7)
            let range = try #require(written.extensions.rawRange(of: .dependencyDescriptor))
            #expect(Array(packet.array[range]) == descriptor)
            #expect(content == (isRepeat ? [0, 10, 1, 2, 3] : [1, 2, 3]))
        }
    }

    @Test("a sender report maps the timestamp of this moment, also for media that only passes by")
    func senderReports() throws {
        var reporter = SenderReporter(ssrc: SSRC(1), clockRate: 90_000)
        #expect(reporter.makeReport(at: Self.time(0), unixNanoseconds: 0) == nil)
        reporter.captured(UInt32.max - 899, at: Self.time(1_000))
        reporter.sent(payloadBytes: 100)
        reporter.sent(payloadBytes: 50)
        let report = try #require(
            reporter.makeReport(at: Self.time(1_020), unixNanoseconds: 1_700_000_000_000_000_000))
        #expect(report.timestamp == 900)
        #expect(report.packetCount == 2)
        #expect(report.octetCount == 150)
        #expect(report.ntp.unixNanoseconds == 1_700_000_000_000_000_000)

        var passing = SenderReporter(ssrc: SSRC(1), clockRate: 48_000)
        passing.sent(payloadBytes: 1)
        for index in 0..<20 as Range<Int64> {
            passing.passed(UInt32(index) * 960, at: Self.time(1_000 + index * 20 + (index % 3) * 7))
        }
        let passed = try #require(passing.makeReport(at: Self.time(1_400), unixNanoseconds: 0))
        #expect(passed.timestamp == 19_200)
    }
}
