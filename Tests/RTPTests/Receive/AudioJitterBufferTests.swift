import MediaCore
import RTP
import Testing

@Suite("AudioJitterBuffer")
struct AudioJitterBufferTests {
    /// What came out, for comparing.
    enum Sound: Equatable {
        case played(Int64), concealed, concealedWithCopy(Int64), late, waiting, paused
    }

    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static func packet(
        _ number: Int64, at milliseconds: Int64, timestamp: Int64? = nil, bytes: Int = 80
    ) -> ReceivedAudioPacket {
        ReceivedAudioPacket(
            sequence: number, timestamp: timestamp ?? number * 960, arrival: time(milliseconds),
            bytes: [UInt8](repeating: 0x78, count: bytes))
    }

    private static func next(_ buffer: inout AudioJitterBuffer, at milliseconds: Int64) -> Sound {
        switch buffer.next(at: time(milliseconds)) {
        case .packet(let packet, _): .played(packet.sequence)
        case .lost(fecFrom: nil, _): .concealed
        case .lost(fecFrom: let packet?, _): .concealedWithCopy(packet.sequence)
        case .late: .late
        case .silence(.waiting): .waiting
        case .silence(.discontinuous): .paused
        }
    }

    @Test(
        "even arrival is played evenly with next to no delay",
        arguments: [0, 1, 65_530, 65_535, 1 << 33] as [Int64])
    func even(start: Int64) {
        var buffer = AudioJitterBuffer()
        #expect(Self.next(&buffer, at: 0) == .waiting)
        var played: [Int64] = []
        for index in 0..<200 as Range<Int64> {
            buffer.receive(Self.packet(start + index, at: index * 20))
            if case .played(let number) = Self.next(&buffer, at: index * 20 + 12) { played.append(number) }
        }
        #expect(played == Array(start..<start + 200))
        #expect(buffer.statistics.concealed == 0)
        #expect(buffer.targetDelay == AudioDelayEstimator.minimum)
    }

    @Test("packets out of order are put in order, and duplicates vanish")
    func outOfOrder() {
        var buffer = AudioJitterBuffer()
        for number in [1, 3, 2, 2, 1, 4] as [Int64] { buffer.receive(Self.packet(number, at: number * 20)) }
        let sounds = (0..<4).map { Self.next(&buffer, at: 120 + Int64($0) * 20) }
        #expect(sounds == [.played(1), .played(2), .played(3), .played(4)])
        #expect(buffer.statistics.duplicate == 2)
    }

    @Test("one lost packet is concealed with the copy in the packet behind it")
    func concealsWithCopy() {
        var buffer = AudioJitterBuffer()
        for number in [1, 2, 4, 5] as [Int64] { buffer.receive(Self.packet(number, at: number * 20)) }
        let sounds = (0..<5).map { Self.next(&buffer, at: 140 + Int64($0) * 20) }
        #expect(sounds == [.played(1), .played(2), .concealedWithCopy(4), .played(4), .played(5)])
    }

    @Test("of several lost packets only the last has a copy")
    func concealsBurst() {
        var buffer = AudioJitterBuffer()
        for number in [1, 5] as [Int64] { buffer.receive(Self.packet(number, at: number * 20)) }
        let sounds = (0..<5).map { Self.next(&buffer, at: 140 + Int64($0) * 20) }
        #expect(sounds == [.played(1), .concealed, .concealed, .concealedWithCopy(5), .played(5)])
    }

    @Test("a packet after its turn is dropped")
    func late() {
        var buffer = AudioJitterBuffer()
        for number in [1, 3] as [Int64] { buffer.receive(Self.packet(number, at: number * 20)) }
        _ = (0..<3).map { Self.next(&buffer, at: 100 + Int64($0) * 20) }
        buffer.receive(Self.packet(2, at: 160))
        #expect(buffer.statistics.late == 1)
        #expect(buffer.count == 0)
    }

    @Test("when packets stop, sound is drawn out for a moment, then silent, and starts anew")
    func outage() {
        var buffer = AudioJitterBuffer()
        for index in 0..<50 as Range<Int64> {
            buffer.receive(Self.packet(index, at: index * 20))
            _ = Self.next(&buffer, at: index * 20 + 12)
        }
        let sounds = (0..<100).map { Self.next(&buffer, at: 1_012 + Int64($0) * 10) }
        #expect(sounds.prefix(16).allSatisfy { $0 == .late })
        #expect(sounds.dropFirst(16).allSatisfy { $0 == .waiting })
        var played: [Int64] = []
        for index in 100..<150 as Range<Int64> {
            buffer.receive(Self.packet(index, at: index * 20))
            if case .played(let number) = Self.next(&buffer, at: index * 20 + 12) { played.append(number) }
        }
        #expect(played.first == 100)
        #expect(played.count == 50)
    }

    @Test("a pause of the sender is a pause and not a loss")
    func discontinuous() {
        var buffer = AudioJitterBuffer()
        for number in 0..<10 as Range<Int64> {
            buffer.receive(Self.packet(number, at: number * 20, bytes: number == 9 ? 1 : 80))
            _ = Self.next(&buffer, at: number * 20 + 12)
        }
        // RFC 7587 §4.2: the sequence number goes on by one, the timestamp by the length of the
        // pause.
        let sounds = (10..<30).map { Self.next(&buffer, at: Int64($0) * 20 + 12) }
        #expect(sounds.allSatisfy { $0 == .paused })
        buffer.receive(Self.packet(10, at: 600, timestamp: 30 * 960))
        #expect(Self.next(&buffer, at: 612) == .played(10))
        #expect(buffer.statistics.concealed == 0)
    }

    /// A speaker whose clock runs at `rate` plays what comes at `arrivals`; each correction is worth 5 ms.
    private static func play(
        _ arrivals: [(number: Int64, milliseconds: Int64)], rate: Double = 1, lateOnesAreCopies: Bool = false,
        observe: (_ milliseconds: Int64, AudioJitterBuffer) -> Void = { _, _ in }
    ) -> AudioJitterBuffer {
        var buffer = AudioJitterBuffer()
        var waiting = arrivals.sorted { $0.milliseconds < $1.milliseconds }[...]
        var played = 0.0
        var supply = 0.0
        while let last = arrivals.last, played < Double(last.milliseconds) {
            let now = Int64(played * rate)
            while let next = waiting.first, next.milliseconds <= now {
                var packet = packet(next.number, at: next.milliseconds)
                packet.isCopy = lateOnesAreCopies && next.milliseconds > next.number * 20
                buffer.receive(packet)
                waiting.removeFirst()
            }
            while supply < 10 {
                supply += buffer.next(at: time(now) + .microseconds(Int64(supply * 1_000))).milliseconds
            }
            supply -= 10
            played += 10
            observe(now, buffer)
        }
        return buffer
    }

    @Test(
        "the delay follows the jitter up, and down again when the path is calm, without leaving anything out")
    func adapts() {
        var generator = SeededGenerator(seed: 3)
        var arrivals: [(Int64, Int64)] = []
        for index in 0..<500 as Range<Int64> {
            arrivals.append((index, index * 20 + Int64.random(in: 0...80, using: &generator)))
        }
        for index in 500..<3_000 as Range<Int64> { arrivals.append((index, index * 20)) }
        var highest = Duration.zero
        var troubled = 0
        let buffer = Self.play(arrivals) { now, buffer in
            highest = max(highest, buffer.targetDelay)
            if now <= 4_000 { troubled = buffer.statistics.drawnOut + buffer.statistics.concealed }
        }
        #expect(highest >= .milliseconds(60))
        #expect(highest <= .milliseconds(120))
        #expect(buffer.targetDelay == AudioDelayEstimator.minimum)
        #expect(buffer.statistics.drawnOut + buffer.statistics.concealed - troubled <= 12)
        #expect(buffer.statistics.hastened >= 5)
        #expect(buffer.statistics.skipped == 0)
        #expect(buffer.count <= 2)
    }

    /// Packets that come late by chance, in order: normally distributed, as the comparison's link does it.
    private static func jittering(_ count: Int64, seed: UInt64) -> [(number: Int64, milliseconds: Int64)] {
        var generator = SeededGenerator(seed: seed)
        var last: Int64 = 0
        return (0..<count).map { number in
            // Pictures between the packets of sound hold these up as well.
            for _ in 0..<4 {
                let normal = (0..<12).reduce(-6.0) { sum, _ in sum + .random(in: 0...1, using: &generator) }
                last = max(last, number * 20 + Int64(max(0, 30 + 30 * normal)))
            }
            return (number, last)
        }
    }

    @Test("on a path that jitters the delay finds its place and stays there", arguments: 1...8)
    func staysWhereJitterPutsIt(seed: UInt64) {
        var early = 0
        func corrections(_ buffer: AudioJitterBuffer) -> Int {
            let statistics = buffer.statistics
            return statistics.hastened + statistics.slowed + statistics.drawnOut + statistics.concealed
        }
        let buffer = Self.play(Self.jittering(3_000, seed: seed)) { now, buffer in
            if now <= 6_000 { early = corrections(buffer) }
        }
        // In 54 seconds.
        #expect(corrections(buffer) - early <= 10)
        #expect(buffer.targetDelay <= .milliseconds(140))
    }

    @Test("what single packets of a calm path do changes nothing")
    func singleLatePackets() {
        let arrivals = (0..<3_000 as Range<Int64>).map { ($0, $0 % 250 == 7 ? $0 * 20 + 60 : $0 * 20) }
        var highest = Duration.zero
        // After the first ten seconds, in which it learns.
        let buffer = Self.play(arrivals) { now, buffer in
            if now > 10_000 { highest = max(highest, buffer.targetDelay) }
        }
        #expect(highest == AudioDelayEstimator.minimum)
        #expect(buffer.count <= 2)
    }

    @Test("where packets get lost sound waits for the copies in those behind them")
    func waitsForCopies() {
        // Of each lost packet the copy comes 20 ms later, together with the next one; once in eight seconds that is
        // lost, too, and both come with the one after it.
        let arrivals = (0..<3_000 as Range<Int64>).map { number in
            let wait: Int64 = number % 400 == 207 ? 40 : number % 20 == 7 || number % 400 == 208 ? 20 : 0
            return (number, number * 20 + wait)
        }
        var early = 0
        let buffer = Self.play(arrivals, lateOnesAreCopies: true) { now, buffer in
            if now <= 10_000 { early = buffer.statistics.drawnOut + buffer.statistics.concealed }
        }
        #expect(buffer.statistics.drawnOut + buffer.statistics.concealed - early == 0)
        #expect(buffer.targetDelay >= .milliseconds(50))
        #expect(buffer.targetDelay <= .milliseconds(60))
    }

    @Test("two clocks may drift apart for ever", arguments: [0.999, 0.9999, 1.0001, 1.001])
    func drift(rate: Double) {
        let arrivals = (0..<30_000 as Range<Int64>).map { ($0, $0 * 20) }
        var longest = 0
        let buffer = Self.play(arrivals, rate: rate) { _, buffer in longest = max(longest, buffer.count) }
        #expect(buffer.statistics.concealed == 0)
        #expect(buffer.statistics.skipped == 0)
        #expect(longest <= 4)
        let corrections = buffer.statistics.hastened + buffer.statistics.slowed + buffer.statistics.drawnOut
        // Ten minutes times the difference, 5 to 10 ms each.
        let needed = 600_000 * abs(rate - 1) / 5
        #expect(Double(corrections) <= needed * 1.1 + 10)
    }

    @Test("after a standstill of the network what piled up is played faster, in order and whole")
    func standstill() {
        let arrivals = (0..<500 as Range<Int64>).map { number in
            (number, (200..<208).contains(number) ? 208 * 20 : number * 20)
        }
        var delays: [Int] = []
        var hurried: Int64?
        let buffer = Self.play(arrivals) { now, buffer in
            delays.append(buffer.count)
            if buffer.statistics.hastened > 0 { hurried = hurried ?? now }
        }
        // A voice has paused until then, which is where nobody hears it.
        #expect((7_000..<9_000).contains(hurried ?? 0))
        #expect(buffer.statistics.skipped == 0)
        #expect(buffer.statistics.concealed == 0)
        #expect(buffer.statistics.late == 0)
        #expect(buffer.statistics.drawnOut >= 10)
        #expect(buffer.statistics.hastened >= 10)
        #expect((delays.last ?? 99) <= 2)
    }

    @Test("when half a second too much waits, what is too old is left out")
    func hopeless() {
        var buffer = AudioJitterBuffer()
        for number in 0..<10 as Range<Int64> {
            buffer.receive(Self.packet(number, at: number * 20))
            _ = Self.next(&buffer, at: number * 20 + 12)
        }
        // The speaker stood still for a second.
        for number in 10..<60 as Range<Int64> { buffer.receive(Self.packet(number, at: number * 20)) }
        guard case .played(let number) = Self.next(&buffer, at: 1_212) else {
            Issue.record("nothing was played")
            return
        }
        #expect((30...36).contains(number))
        #expect(buffer.statistics.skipped == Int(number) - 10)
    }

    @Test("the buffer is bounded and goes on after it was full")
    func bounded() {
        var buffer = AudioJitterBuffer()
        for number in 0..<1_000 as Range<Int64> { buffer.receive(Self.packet(number, at: number * 20)) }
        #expect(buffer.count == AudioJitterBuffer.capacity)
        #expect(Self.next(&buffer, at: 20_000) == .played(900))
    }

    @Test("a sender whose clock jumps is heard again at once")
    func clockJumps() {
        var buffer = AudioJitterBuffer()
        for index in 0..<50 as Range<Int64> {
            buffer.receive(Self.packet(index, at: index * 20))
            _ = Self.next(&buffer, at: index * 20 + 12)
        }
        var played = 0
        for index in 50..<100 as Range<Int64> {
            buffer.receive(Self.packet(index, at: index * 20, timestamp: index * 960 + 50_000_000))
            if case .played = Self.next(&buffer, at: index * 20 + 12) { played += 1 }
        }
        #expect(played >= 48)
    }

    @Test("random packets at random times never trap and are played in order", arguments: 0..<20)
    func random(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var buffer = AudioJitterBuffer()
        var now: Int64 = 0
        var last = Int64.min
        for _ in 0..<3_000 {
            now += Int64.random(in: 0...25, using: &generator)
            let number = now / 20 + Int64.random(in: -30...30, using: &generator)
            let timestamp = number * 960 + Int64.random(in: 0...1, using: &generator) * 100_000
            buffer.receive(
                Self.packet(
                    number, at: now, timestamp: timestamp, bytes: Int.random(in: 1...3, using: &generator)))
            if case .played(let number) = Self.next(&buffer, at: now) {
                #expect(number > last)
                last = number
            }
            #expect(buffer.count <= AudioJitterBuffer.capacity)
        }
    }
}
