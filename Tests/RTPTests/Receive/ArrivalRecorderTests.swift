import MediaCore
import RTP
import Testing

@Suite("ArrivalRecorder")
struct ArrivalRecorderTests {
    private static func time(_ milliseconds: Double) -> MonotonicTime {
        MonotonicTime(nanoseconds: Int64(milliseconds * 1_000_000))
    }

    /// Arrival times in milliseconds by transport-wide number, as a sender reads a feedback.
    private static func arrivals(_ feedback: TransportFeedback) -> [UInt16: Double?] {
        var result: [UInt16: Double?] = [:]
        var ticks = Int(feedback.referenceTime) * 256
        for (offset, status) in feedback.packets.enumerated() {
            let number = feedback.baseSequence &+ UInt16(offset)
            switch status {
            case .notReceived: result[number] = .some(nil)
            case .received(let delta):
                ticks += delta
                result[number] = Double(ticks) / 4
            }
        }
        return result
    }

    private static func feedback(_ recorder: inout ArrivalRecorder, at milliseconds: Double)
        -> [TransportFeedback]
    {
        var all: [TransportFeedback] = []
        while let next = recorder.nextFeedback(from: SSRC(1), at: time(milliseconds)) { all.append(next) }
        return all
    }

    @Test(
        "a report says when each packet came and which did not",
        arguments: [0, 1, 32_766, 65_533, 65_535] as [UInt16])
    func reports(start: UInt16) throws {
        var recorder = ArrivalRecorder()
        let times: [(UInt16, Double)] = [(0, 1_000), (1, 1_001.25), (3, 1_010), (4, 1_010)]
        for (offset, time) in times { recorder.receive(start &+ offset, of: SSRC(7), at: Self.time(time)) }
        #expect(recorder.nextDeadline == Self.time(1_100))
        #expect(Self.feedback(&recorder, at: 1_099).isEmpty)
        let reports = Self.feedback(&recorder, at: 1_100)
        #expect(reports.count == 1)
        let report = try #require(reports.first)
        #expect(report.baseSequence == start)
        #expect(report.media == SSRC(7))
        let arrivals = Self.arrivals(report)
        for (offset, time) in times { #expect(arrivals[start &+ offset] == time) }
        #expect(arrivals[start &+ 2] == .some(nil))
        #expect(recorder.nextDeadline == nil)
    }

    @Test("losses between two reports are in the second, and reports are numbered")
    func lossAtBorder() throws {
        var recorder = ArrivalRecorder()
        recorder.receive(10, of: SSRC(7), at: Self.time(0))
        let first = try #require(Self.feedback(&recorder, at: 100).first)
        recorder.receive(13, of: SSRC(7), at: Self.time(120))
        let second = try #require(Self.feedback(&recorder, at: 220).first)
        #expect(second.baseSequence == 11)
        #expect(second.packets.count == 3)
        #expect(second.packets.prefix(2).allSatisfy { $0 == .notReceived })
        #expect(Self.arrivals(second)[13] == 120)
        #expect(second.feedbackCount == first.feedbackCount &+ 1)
    }

    @Test("a straggler is reported although its neighbours were reported before")
    func straggler() throws {
        var recorder = ArrivalRecorder()
        recorder.receive(1, of: SSRC(7), at: Self.time(0))
        recorder.receive(3, of: SSRC(7), at: Self.time(2))
        _ = Self.feedback(&recorder, at: 100)
        recorder.receive(2, of: SSRC(7), at: Self.time(110))
        let report = try #require(Self.feedback(&recorder, at: 210).first)
        #expect(Self.arrivals(report)[2] == 110)
    }

    @Test("many packets make a report early, and no report outgrows a datagram")
    func manyPackets() {
        var recorder = ArrivalRecorder()
        for number in 0..<1_500 as Range<UInt16> {
            recorder.receive(number, of: SSRC(7), at: Self.time(Double(number) / 100))
        }
        let reports = Self.feedback(&recorder, at: 16)
        var bytes: [UInt8] = []
        for report in reports {
            bytes.removeAll()
            RTCPPacket.transportFeedback(report).append(to: &bytes)
            #expect(bytes.count < 1_150)
        }
        #expect(reports.reduce(0) { $0 + $1.packets.count } == 1_500)
    }

    @Test("what is written is what is read")
    func roundTrip() throws {
        var recorder = ArrivalRecorder()
        var generator = SeededGenerator(seed: 4)
        var number: UInt16 = 65_400
        var now = 5_000.0
        for _ in 0..<90 {
            number &+= UInt16.random(in: 1...3, using: &generator)
            now += Double(Int.random(in: 0...80, using: &generator)) / 4
            recorder.receive(number, of: SSRC(7), at: Self.time(now))
        }
        let report = try #require(Self.feedback(&recorder, at: now + 200).first)
        let packet = RTCPPacket.transportFeedback(report)
        #expect(RTCPPacket.parseCompound(packet.bytes) == [packet])
    }

    @Test("random numbers never trap", arguments: 0..<10)
    func randomNumbers(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var recorder = ArrivalRecorder()
        for step in 0..<2_000 {
            recorder.receive(
                UInt16.random(in: 0...UInt16.max, using: &generator), of: SSRC(7), at: Self.time(Double(step))
            )
            if step % 50 == 0 { #expect(Self.feedback(&recorder, at: Double(step)).count < 100) }
        }
    }
}
