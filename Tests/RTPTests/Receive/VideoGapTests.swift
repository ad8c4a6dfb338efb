import MediaCore
import RTP
import Testing

/// What becomes of gaps: temporal layers, outages, and the key frame that ends them.
@Suite("Gaps in video")
struct VideoGapTests {
    private typealias Base = VideoJitterBufferTests

    /// A picture of one of three temporal layers, in the order 0, 2, 1, 2, as one packet.
    private static func layered(_ number: UInt8, from sequence: Int64? = nil) -> [Base.Packet] {
        let turn = number % 4
        return Base.picture(
            number, from: sequence ?? 1_000 + Int64(number), isKeyframe: number == 0,
            temporalLayer: [0, 2, 1, 2][Int(turn)], tl0: 255 &+ number / 4, isSync: turn == 1 || turn == 2,
            isDiscardable: turn == 1 || turn == 3)
    }

    /// Receives layered pictures but for some, each on time, and answers what came out until two seconds
    /// later.
    private static func run(_ numbers: some Sequence<UInt8>, without missing: Set<UInt8>) throws -> [UInt32?]
    {
        var buffer = try Base.make()
        var result: [UInt32?] = []
        var now: Int64 = 0
        for number in numbers where !missing.contains(number) {
            while now < Int64(number) * 33 {
                now += 1
                buffer.advance(to: Base.time(now))
                result += Base.ready(&buffer)
            }
            Base.receive(layered(number), into: &buffer, at: now)
            result += Base.ready(&buffer)
        }
        for milliseconds in now...now + 2_000 {
            buffer.advance(to: Base.time(milliseconds))
            result += Base.ready(&buffer)
        }
        return result
    }

    @Test("losing a picture of an upper temporal layer costs that picture and what needs it, no more")
    func upperLayerLost() throws {
        #expect(try Self.run(0..<12, without: [4 + 2]) == [0, 1, 2, 3, 4, 5, 8, 9, 10, 11])
        #expect(try Self.run(0..<12, without: [7]) == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11])
        // Nothing is known of a picture that is missing whole: the last of the turn might need it.
        #expect(try Self.run(0..<12, without: [5]) == [0, 1, 2, 3, 4, 6, 8, 9, 10, 11])
    }

    @Test("a picture of which a part came is known to be needed by none")
    func discardableLost() throws {
        var buffer = try Base.make()
        for number in 0..<5 as Range<UInt8> {
            Base.receive(Self.layered(number), into: &buffer, at: Int64(number) * 33)
        }
        var part = Self.layered(5)[0]
        part.marker = false
        Base.receive([part], into: &buffer, at: 165)
        Base.receive(Self.layered(6, from: 1_007), into: &buffer, at: 198)
        Base.receive(Self.layered(7, from: 1_008), into: &buffer, at: 231)
        buffer.advance(to: Base.time(232))
        #expect(Base.ready(&buffer) == [0, 1, 2, 3, 4, 6, 7])
        #expect(buffer.statistics.droppedFrames == 1)
    }

    @Test("losing a base picture costs a key frame although upper layers are there")
    func baseLayerLost() throws {
        #expect(try Self.run(0..<8, without: [4]).prefix(5) == [0, 1, 2, 3, nil])
    }

    @Test("what came too late to be shown makes later pictures wait for such a repair")
    func latePacketsTeach() throws {
        var buffer = try Base.make()
        for number in 0..<200 as Range<UInt8> {
            let isLate = number % 4 == 1
            let now = Int64(number) * 33
            if !isLate { Base.receive(Self.layered(number), into: &buffer, at: now) }
            buffer.advance(to: Base.time(now + 11))
            if number > 4, number % 4 == 3 {
                Base.receive(Self.layered(number - 2), into: &buffer, at: now + 20)
            }
            buffer.advance(to: Base.time(now + 32))
            _ = Base.ready(&buffer)
        }
        #expect(buffer.targetDelay > .milliseconds(80))
        #expect(buffer.targetDelay < .milliseconds(130))
    }

    @Test("after an outage a key frame is asked for with the first packet, whatever was asked before")
    func outage() throws {
        var buffer = try Base.make()
        Base.receive(Base.picture(0, from: 100, isKeyframe: true), into: &buffer, at: 0)
        _ = Base.ready(&buffer)
        // A gap that is given up, and requests into the void.
        Base.receive(Base.picture(2, from: 102), into: &buffer, at: 66)
        for milliseconds in 67..<3_000 as Range<Int64> { buffer.advance(to: Base.time(milliseconds)) }
        _ = Base.ready(&buffer)
        Base.receive(Base.picture(90, from: 700), into: &buffer, at: 3_000)
        buffer.advance(to: Base.time(3_000))
        #expect(Base.ready(&buffer) == [nil])
        Base.receive(Base.picture(93, from: 703, isKeyframe: true), into: &buffer, at: 3_090)
        #expect(Base.ready(&buffer) == [93])
    }

    @Test("a long gap in the middle of pictures ends at once, one of few packets is repaired")
    func longGap() throws {
        var buffer = try Base.make()
        Base.receive(Base.picture(0, from: 100, isKeyframe: true), into: &buffer, at: 0)
        Base.receive(Base.picture(20, from: 110), into: &buffer, at: 660)
        buffer.advance(to: Base.time(660))
        #expect(Base.ready(&buffer) == [0])
        #expect(buffer.firstWanted == 101)
        Base.receive(Base.picture(40, from: 180), into: &buffer, at: 1_320)
        buffer.advance(to: Base.time(1_320))
        #expect(Base.ready(&buffer) == [nil])
        #expect(buffer.firstWanted == 180)
    }

    @Test("while a key frame arrives it is not asked for again")
    func arrivingKeyframe() throws {
        var buffer = try Base.make()
        Base.receive(Base.picture(1, from: 10), into: &buffer, at: 0)
        buffer.advance(to: Base.time(50))
        #expect(Base.ready(&buffer) == [nil])
        let keyframe = Base.picture(2, from: 11, isKeyframe: true, count: 10)
        for (index, packet) in keyframe.enumerated() {
            Base.receive([packet], into: &buffer, at: 240 + Int64(index) * 25)
            buffer.advance(to: Base.time(240 + Int64(index) * 25))
        }
        #expect(Base.ready(&buffer) == [2])
        #expect(buffer.keyframeRequestCount == 1)
    }

    @Test("a decoder that failed does not get the pictures that wait, unless a key frame is among them")
    func decoderFails() throws {
        var buffer = try Base.make()
        for number in 0..<100 as Range<UInt8> {
            // Every tenth picture comes late, so that all come to wait about as long.
            let now = Int64(number) * 100 / 3 + (number % 10 == 9 ? 30 : 0)
            buffer.advance(to: Base.time(now))
            Base.receive(
                Base.picture(number, from: Int64(number), isKeyframe: number == 0), into: &buffer, at: now)
        }
        buffer.advance(to: Base.time(3_332))
        _ = Base.ready(&buffer)
        Base.receive(Base.picture(100, from: 100), into: &buffer, at: 3_333)
        #expect(Base.ready(&buffer) == [])
        buffer.requestKeyframe(at: Base.time(3_334))
        Base.receive(Base.picture(101, from: 101), into: &buffer, at: 3_366)
        Base.receive(Base.picture(102, from: 102, isKeyframe: true), into: &buffer, at: 3_400)
        buffer.advance(to: Base.time(3_700))
        #expect(Base.ready(&buffer).compactMap { $0 } == [102])
    }

    @Test("a repair that comes after the key frame was asked for ends the gap all the same")
    func lateRepair() throws {
        var buffer = try Base.make()
        buffer.update(roundTrip: .milliseconds(1))
        Base.receive(Base.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        for number in 2..<10 as Range<UInt8> {
            Base.receive(
                Base.picture(number, from: 10 + Int64(number)), into: &buffer, at: Int64(number) * 33)
            buffer.advance(to: Base.time(Int64(number) * 33))
        }
        #expect(Base.ready(&buffer) == [0, nil])
        #expect(!buffer.isWaitingForKeyframe)
        #expect(buffer.firstWanted == 11)
        Base.receive(Base.picture(1, from: 11), into: &buffer, at: 300)
        for milliseconds in 300..<3_000 as Range<Int64> { buffer.advance(to: Base.time(milliseconds)) }
        #expect(Base.ready(&buffer) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(buffer.statistics.abandonedGaps == 0)
    }

    @Test("pictures that a decoder cannot use are not handed out when a gap closes")
    func lateRepairOfBrokenStream() throws {
        var buffer = try Base.make()
        Base.receive(Base.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        buffer.requestKeyframe(at: Base.time(1))
        Base.receive(Base.picture(2, from: 12), into: &buffer, at: 66)
        buffer.advance(to: Base.time(400))
        Base.receive(Base.picture(1, from: 11), into: &buffer, at: 400)
        #expect(Base.ready(&buffer) == [0, nil])
        #expect(buffer.isWaitingForKeyframe)
    }

    @Test("where repairs come from behind a room, they are waited for as long as they take there")
    func distantRepairs() throws {
        var buffer = try Base.make()
        buffer.update(roundTrip: .milliseconds(1))
        var requests = 0
        for number in 0..<150 as Range<UInt8> {
            let now = Int64(number) * 33
            buffer.advance(to: Base.time(now))
            // Every tenth picture comes 190 ms late.
            if number % 10 != 5 || number == 0 {
                Base.receive(
                    Base.picture(number, from: Int64(number), isKeyframe: number == 0), into: &buffer, at: now
                )
            }
            if number % 10 == 1, number > 5 {
                let late = Base.picture(number - 6, from: Int64(number) - 6)
                Base.receive(late, into: &buffer, at: now + 25)
            }
            while let output = buffer.nextOutput() {
                if case .keyframeNeeded = output { requests += 1 }
            }
        }
        // Only the first was a surprise.
        #expect(requests <= 1)
        #expect(buffer.statistics.frames > 140)
    }

    @Test("while a key frame arrives behind a gap it is not asked for again")
    func keyframeArrivesBehindGap() throws {
        var buffer = try Base.make()
        buffer.update(roundTrip: .milliseconds(50))
        Base.receive(Base.picture(0, from: 10, isKeyframe: true), into: &buffer, at: 0)
        Base.receive(Base.picture(2, from: 12), into: &buffer, at: 66)
        buffer.advance(to: Base.time(366))
        #expect(Base.ready(&buffer) == [0, nil])
        let keyframe = Base.picture(12, from: 22, isKeyframe: true, count: 10)
        for (index, packet) in keyframe.enumerated() {
            Base.receive([packet], into: &buffer, at: 400 + Int64(index) * 25)
            buffer.advance(to: Base.time(400 + Int64(index) * 25))
        }
        // It may be due a little later, in case what is missing comes after all.
        for milliseconds in 626..<1_000 as Range<Int64> { buffer.advance(to: Base.time(milliseconds)) }
        #expect(Base.ready(&buffer) == [12])
        #expect(buffer.keyframeRequestCount == 1)
        #expect(buffer.firstWanted == 32)
    }

    @Test("a stream that begins with a key frame that is never whole begins with the next one")
    func firstKeyframeLost() throws {
        var buffer = try Base.make()
        var first = Base.picture(0, from: 10, isKeyframe: true, count: 5)
        first.remove(at: 2)
        Base.receive(first, into: &buffer, at: 0)
        buffer.advance(to: Base.time(600))
        #expect(Base.ready(&buffer) == [nil])
        Base.receive(Base.picture(18, from: 15, isKeyframe: true, count: 5), into: &buffer, at: 620)
        #expect(Base.ready(&buffer) == [18])
        for milliseconds in 620..<5_000 as Range<Int64> { buffer.advance(to: Base.time(milliseconds)) }
        #expect(buffer.keyframeRequestCount == 1)
    }
}
