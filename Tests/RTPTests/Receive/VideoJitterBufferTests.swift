import MediaCore
import RTP
import Testing

@Suite("VideoJitterBuffer")
struct VideoJitterBufferTests {
    /// One packet of a made-up stream of VP8.
    struct Packet {
        var sequence: Int64
        var timestamp: UInt32
        var marker = true
        var payload: [UInt8]
    }

    /// A picture of `count` packets; its bytes tell its number.
    static func picture(
        _ number: UInt8, from sequence: Int64, isKeyframe: Bool = false, count: Int = 1,
        temporalLayer: UInt8? = nil,
        tl0: UInt8? = nil, isSync: Bool = false, isDiscardable: Bool = false
    ) -> [Packet] {
        (0..<count).map { index in
            let descriptor = VP8Descriptor(
                startsPartition: index == 0, pictureID: UInt16(number), tl0PictureIndex: tl0,
                temporalLayer: temporalLayer, isLayerSync: isSync, isDiscardable: isDiscardable)
            var payload = descriptor.bytes
            if index == 0 {
                payload +=
                    isKeyframe ? [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00] : [0x11, 0, 0]
            }
            payload += [number, UInt8(index)]
            return Packet(
                sequence: sequence + Int64(index), timestamp: UInt32(number) &* 3_000,
                marker: index == count - 1,
                payload: payload)
        }
    }

    static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    static func receive(
        _ packets: [Packet], into buffer: inout VideoJitterBuffer, at milliseconds: Int64
    ) {
        for packet in packets {
            buffer.receive(
                sequence: packet.sequence, timestamp: packet.timestamp, marker: packet.marker,
                payload: packet.payload.span, at: time(milliseconds))
        }
    }

    /// Numbers of the pictures that are ready; `nil` stands for a wish for a key frame.
    static func ready(_ buffer: inout VideoJitterBuffer) -> [UInt32?] {
        var numbers: [UInt32?] = []
        while let output = buffer.nextOutput() {
            switch output {
            case .frame(let frame): numbers.append(frame.timestamp / 3_000)
            case .keyframeNeeded: numbers.append(nil)
            }
        }
        return numbers
    }

    static func make() throws -> VideoJitterBuffer {
        try #require(VideoJitterBuffer(codec: .vp8))
    }

    static let starts: [Int64] = [0, 1, 127, 128, 1_023, 1_024, 32_767, 32_768, 65_534, 65_535].map {
        $0 + 65_536
    }

    @Test("pictures come out whole and in order, whatever order their packets come in", arguments: starts)
    func reorders(start: Int64) throws {
        var buffer = try Self.make()
        let first = Self.picture(0, from: start, isKeyframe: true, count: 3)
        let second = Self.picture(1, from: start + 3, count: 2)
        let third = Self.picture(2, from: start + 5)
        Self.receive([first[0], second[1], third[0], first[2]], into: &buffer, at: 0)
        #expect(Self.ready(&buffer) == [])
        Self.receive([first[1]], into: &buffer, at: 1)
        #expect(Self.ready(&buffer) == [0])
        Self.receive([second[0]], into: &buffer, at: 2)
        #expect(Self.ready(&buffer) == [1, 2])
        #expect(buffer.nextDeadline == nil)
    }

    @Test("the bytes of a picture are those of its packets without their descriptors")
    func assembles() throws {
        var buffer = try Self.make()
        Self.receive(Self.picture(7, from: 9, isKeyframe: true, count: 3), into: &buffer, at: 0)
        guard case .frame(let frame) = buffer.nextOutput() else {
            Issue.record("there is no picture")
            return
        }
        #expect(frame.bytes == [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00, 7, 0, 7, 1, 7, 2])
        #expect(frame.isKeyframe)
        #expect(frame.captureTime == Self.time(0))
    }

    @Test("padding fills its place and holds nothing up", arguments: starts)
    func padding(start: Int64) throws {
        var buffer = try Self.make()
        Self.receive(Self.picture(0, from: start, isKeyframe: true), into: &buffer, at: 0)
        let empty = Packet(sequence: start + 1, timestamp: 0, marker: false, payload: [])
        Self.receive([empty] + Self.picture(1, from: start + 2), into: &buffer, at: 33)
        #expect(Self.ready(&buffer) == [0, 1])
        #expect(buffer.statistics.paddingPackets == 1)
    }

    @Test("a duplicate and a packet after its turn change nothing")
    func duplicates() throws {
        var buffer = try Self.make()
        let first = Self.picture(0, from: 100, isKeyframe: true, count: 2)
        Self.receive([first[0], first[0], first[1], first[1], first[0]], into: &buffer, at: 0)
        #expect(Self.ready(&buffer) == [0])
        #expect(buffer.statistics.frames == 1)
        #expect(buffer.statistics.latePackets + buffer.statistics.duplicatePackets == 3)
    }

    @Test("a stream that begins in the middle waits for a key frame and asks for it")
    func beginsInTheMiddle() throws {
        var buffer = try Self.make()
        Self.receive(Self.picture(1, from: 10), into: &buffer, at: 0)
        Self.receive(Self.picture(2, from: 11), into: &buffer, at: 33)
        #expect(Self.ready(&buffer) == [])
        #expect(buffer.isWaitingForKeyframe)
        buffer.advance(to: Self.time(50))
        #expect(Self.ready(&buffer) == [nil])
        Self.receive(Self.picture(3, from: 12, isKeyframe: true), into: &buffer, at: 66)
        Self.receive(Self.picture(4, from: 13), into: &buffer, at: 99)
        #expect(Self.ready(&buffer) == [3, 4])
        #expect(!buffer.isWaitingForKeyframe)
        #expect(buffer.nextDeadline == nil)
    }

    @Test("a gap that is not closed in time costs a key frame, which is asked for with growing pauses")
    func givesUp() throws {
        var buffer = try Self.make()
        buffer.update(roundTrip: .milliseconds(50))
        Self.receive(Self.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        _ = Self.ready(&buffer)
        Self.receive(Self.picture(2, from: 12), into: &buffer, at: 66)
        let deadline = try #require(buffer.nextDeadline)
        #expect(deadline - Self.time(66) == .milliseconds(300))
        buffer.advance(to: Self.time(365))
        #expect(Self.ready(&buffer) == [])
        var requests: [Int64] = []
        for milliseconds in 366..<6_000 as Range<Int64> {
            buffer.advance(to: Self.time(milliseconds))
            if Self.ready(&buffer) == [nil] { requests.append(milliseconds) }
        }
        let pauses = zip(requests, requests.dropFirst()).map { $1 - $0 }
        #expect(requests.first == 366)
        #expect(pauses == pauses.sorted())
        #expect(pauses.first == 200)
        #expect((pauses.last ?? 0) > 1_000)
        #expect(buffer.statistics.abandonedGaps == 0)

        Self.receive(Self.picture(100, from: 110), into: &buffer, at: 6_000)
        #expect(Self.ready(&buffer) == [])
        Self.receive(Self.picture(101, from: 111, isKeyframe: true), into: &buffer, at: 6_033)
        #expect(Self.ready(&buffer) == [101])
        #expect(buffer.firstWanted == 112)
        #expect(buffer.statistics.abandonedGaps == 1)
    }

    @Test("a key frame behind the gap is shown when it is due, without what is missing")
    func keyframeBehindGap() throws {
        var buffer = try Self.make()
        buffer.update(roundTrip: .milliseconds(50))
        Self.receive(Self.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        Self.receive(Self.picture(2, from: 12, isKeyframe: true), into: &buffer, at: 66)
        #expect(Self.ready(&buffer) == [0])
        let deadline = try #require(buffer.nextDeadline)
        #expect(deadline == Self.time(76))
        buffer.advance(to: deadline)
        Self.receive(Self.picture(3, from: 13), into: &buffer, at: 99)
        #expect(Self.ready(&buffer) == [2, 3])
        #expect(buffer.keyframeRequestCount == 0)
    }

    @Test("a packet far ahead ends the wait for all before it")
    func farAhead() throws {
        var buffer = try Self.make()
        Self.receive(Self.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        Self.receive(Self.picture(1, from: 12), into: &buffer, at: 33)
        Self.receive(Self.picture(9, from: 5_000), into: &buffer, at: 66)
        buffer.advance(to: Self.time(66))
        #expect(Self.ready(&buffer) == [0, nil])
        Self.receive(Self.picture(10, from: 5_001, isKeyframe: true), into: &buffer, at: 99)
        #expect(Self.ready(&buffer) == [10])
    }

    @Test("garbage in any order never traps and delivers no picture twice", arguments: 0..<20)
    func garbage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var buffer = try Self.make()
        var now: Int64 = 0
        var last: UInt32 = 0
        for _ in 0..<3_000 {
            now += Int64.random(in: 0...10, using: &generator)
            let payload = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let sequence = 65_536 + now / 3 + Int64.random(in: -100...100, using: &generator)
            let packet = Packet(
                sequence: sequence, timestamp: UInt32(sequence / 2), marker: Bool.random(using: &generator),
                payload: payload)
            Self.receive([packet], into: &buffer, at: now)
            buffer.advance(to: Self.time(now))
            while let output = buffer.nextOutput() {
                guard case .frame(let frame) = output else { continue }
                #expect(frame.timestamp >= last)
                last = frame.timestamp
            }
        }
    }
}
