import MediaCore
import PeerConnection
import RTP
import RoomTestKit
import Testing

@Suite("PeerEngine")
struct PeerEngineTests {
    static let opus = CodecDescription(
        PayloadType(111), "opus", clockRate: 48_000, channels: 2, feedback: ["nack"])
    static let red = CodecDescription(
        PayloadType(63), "red", clockRate: 48_000, channels: 2, format: "111/111")
    static let vp8 = CodecDescription(
        PayloadType(96), "VP8", clockRate: 90_000, feedback: ["nack", "nack pli"])
    static let repeats = CodecDescription(PayloadType(97), "rtx", clockRate: 90_000, format: "apt=96")
    static let map = HeaderExtensionMap([.mid: 1, .rid: 2, .repairedRid: 3])
    static let pool = PacketPool()

    static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    static func picture(_ number: UInt8, isKeyframe: Bool = true, bytes: Int = 300) -> EncodedFrame {
        EncodedFrame(
            codec: .vp8,
            bytes: (isKeyframe ? [0x10, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00] : [0x11])
                + [UInt8](repeating: number, count: bytes),
            isKeyframe: isKeyframe, timestamp: UInt32(number) * 3_000, captureTime: time(Int64(number) * 33))
    }

    static func sound(_ number: UInt8) -> EncodedFrame {
        EncodedFrame(
            codec: .opus, bytes: [0x78, number], isKeyframe: true, timestamp: UInt32(number) * 960,
            captureTime: time(Int64(number) * 20))
    }

    /// A publisher with simulcast layers `q` and `h`, each with repeats.
    static func makePublisher() -> PeerEngine {
        var engine = PeerEngine.unprotected()
        engine.setSending(
            SendDescription(
                kind: .video, codecs: [vp8, repeats], extensions: map, cname: "c",
                encodings: [
                    .init(ssrc: SSRC(10), retransmissionSSRC: SSRC(11), rid: "q"),
                    .init(ssrc: SSRC(20), retransmissionSSRC: SSRC(21), rid: "h"),
                ]),
            on: "v", at: .zero)
        return engine
    }

    /// The room's side of a publisher: it was told no sources.
    static func makeRoom() -> PeerEngine {
        var engine = PeerEngine.unprotected(seed: 2)
        engine.setReceiving(
            ReceiveDescription(kind: .video, codecs: [vp8, repeats], extensions: map, mode: .packets),
            on: "v",
            at: .zero)
        return engine
    }

    @Test("packets of simulcast layers are told apart by what their headers say")
    func simulcast() {
        var publisher = Self.makePublisher()
        var room = Self.makeRoom()
        publisher.send(Self.picture(1), on: "v", encoding: 0, at: .zero)
        publisher.send(Self.picture(2), on: "v", encoding: 1, at: .zero)
        room.receive(EngineOutputs(of: &publisher).datagrams, from: Self.pool, at: Self.time(20))
        let passed = EngineOutputs(of: &room).passed
        #expect(passed.map(\.rid) == ["q", "h"])
        #expect(passed.map(\.header.ssrc) == [SSRC(10), SSRC(20)])
        #expect(passed.allSatisfy { $0.mid == "v" && $0.payload.count > 300 })
        #expect(room.statistics.incoming.map(\.rid) == ["q", "h"])
    }

    @Test(
        "a lost packet of a layer is repeated on the layer's own stream and passed on once as the original"
    )
    func repeatOfLayer() throws {
        var publisher = Self.makePublisher()
        var room = Self.makeRoom()
        var sent: [[UInt8]] = []
        for number in 1...3 as ClosedRange<UInt8> {
            publisher.send(Self.picture(number), on: "v", encoding: 1, at: .zero)
            sent += EngineOutputs(of: &publisher).datagrams
        }
        #expect(sent.count == 3)
        room.receive([sent[0], sent[2]], from: Self.pool, at: Self.time(10))
        let first = EngineOutputs(of: &room)
        #expect(first.passed.count == 2)
        #expect(room.nextDeadline?.reason == .nack)
        room.advance(to: Self.time(20))
        publisher.receive(EngineOutputs(of: &room).datagrams, from: Self.pool, at: Self.time(30))
        let answer = EngineOutputs(of: &publisher).datagrams
        #expect(answer.count == 1)
        room.receive(answer + answer + [sent[1]], from: Self.pool, at: Self.time(40))
        let passed = EngineOutputs(of: &room).passed
        #expect(passed.count == 1)
        let repeated = try #require(passed.first)
        #expect(repeated.isRepeat)
        #expect(repeated.rid == "h")
        #expect(repeated.header.ssrc == SSRC(20))
        #expect(repeated.header.payloadType == PayloadType(96))
        #expect(repeated.sequence == first.passed[0].sequence + 1)
        #expect(repeated.payload.last == 2)
        #expect(room.statistics.incoming.first?.stream.recovered == 1)
    }

    @Test("what a room forwards arrives as pictures, over several rooms' worth of changes")
    func forwards() throws {
        var publisher = Self.makePublisher()
        var room = Self.makeRoom()
        var downstream = PeerEngine.unprotected(seed: 3)
        downstream.setSending(
            SendDescription(
                kind: .video, codecs: [Self.vp8, Self.repeats], cname: "p",
                encodings: [.init(ssrc: SSRC(77), retransmissionSSRC: SSRC(78))]),
            on: "0", at: .zero)
        var viewer = PeerEngine.unprotected(seed: 4)
        viewer.setReceiving(
            ReceiveDescription(
                kind: .video, codecs: [Self.vp8, Self.repeats],
                sources: [.init(ssrc: SSRC(77), retransmissionSSRC: SSRC(78))]),
            on: "0", at: .zero)
        var numbers: [UInt32] = []
        var dropped = 0
        for number in 0..<33 as Range<UInt8> {
            let now = Self.time(Int64(number) * 33)
            // Repeats that had to wait for their turn.
            downstream.advance(to: now)
            viewer.receive(EngineOutputs(of: &downstream).datagrams, from: Self.pool, at: now)
            if number < 30 {
                let picture = Self.picture(number, isKeyframe: number == 0, bytes: 3_000)
                publisher.send(picture, on: "v", encoding: 0, at: now)
            }
            publisher.advance(to: now + .milliseconds(20))
            room.receive(
                EngineOutputs(of: &publisher).datagrams, from: Self.pool, at: now + .milliseconds(20))
            for packet in EngineOutputs(of: &room).passed {
                var header = packet.header
                header.sequenceNumber &+= 500
                header.timestamp &+= 9_000
                downstream.forward(
                    header, payload: packet.payload.span, original: packet.datagram.span, on: "0",
                    at: now + .milliseconds(20))
            }
            var datagrams = EngineOutputs(of: &downstream).datagrams
            // Every seventh datagram is lost on the way to the viewer.
            datagrams = datagrams.filter { _ in
                dropped += 1
                return dropped % 7 != 3
            }
            viewer.receive(datagrams, from: Self.pool, at: now + .milliseconds(21))
            viewer.advance(to: now + .milliseconds(30))
            let outputs = EngineOutputs(of: &viewer)
            numbers += outputs.pictures.map { ($0.frame.timestamp - 9_000) / 3_000 }
            downstream.receive(outputs.datagrams, from: Self.pool, at: now + .milliseconds(31))
            viewer.receive(
                EngineOutputs(of: &downstream).datagrams, from: Self.pool, at: now + .milliseconds(32))
            numbers += EngineOutputs(of: &viewer).pictures.map { ($0.frame.timestamp - 9_000) / 3_000 }
        }
        #expect(numbers == Array(0..<30))
        #expect(downstream.statistics.outgoing.first?.stream.repeats ?? 0 >= 10)
    }

    @Test("copies in a redundant packet stand in for packets that did not come, and only for those")
    func redundancy() throws {
        var receiver = PeerEngine.unprotected()
        receiver.setReceiving(
            ReceiveDescription(kind: .audio, codecs: [Self.opus, Self.red], sources: [.init(ssrc: SSRC(5))]),
            on: "a", at: .zero)
        func packet(_ number: UInt8, copies: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = [0x80, 63, 0, number, 0, 0]
            bytes.append(bigEndian: UInt16(number) * 960)
            bytes += [0, 0, 0, 5]
            for copy in copies {
                let offset = UInt32(number - copy) * 960
                let word = UInt32(0x80 | 111) << 24 | offset << 10 | 2
                bytes.append(bigEndian: word)
            }
            bytes.append(111)
            for copy in copies { bytes += [0x78, copy] }
            return bytes + [0x78, number]
        }
        let packets = [packet(10, copies: []), packet(13, copies: [11, 12]), packet(14, copies: [12, 13])]
        receiver.receive(packets, from: Self.pool, at: Self.time(100))
        let sound = EngineOutputs(of: &receiver).sound.map(\.packet)
        #expect(sound.map { $0.bytes[1] } == [10, 11, 12, 13, 14])
        #expect(sound.map { $0.sequence - 65_536 } == [10, 11, 12, 13, 14])
        #expect(sound.allSatisfy { !$0.isRepeat })
        let start = try #require(sound.first).timestamp
        #expect(sound.map { $0.timestamp - start } == [0, 960, 1_920, 2_880, 3_840])
    }

    @Test("a copy that waited for the end of a pause is played, and its lateness counts for nothing")
    func copyBehindPause() throws {
        var receiver = PeerEngine.unprotected()
        receiver.setReceiving(
            ReceiveDescription(kind: .audio, codecs: [Self.opus, Self.red], sources: [.init(ssrc: SSRC(5))]),
            on: "a", at: .zero)
        func packet(_ number: UInt8, copyBefore pause: UInt32?) -> [UInt8] {
            var bytes: [UInt8] = [0x80, 63, 0, number, 0, 0, 0x40, number, 0, 0, 0, 5]
            guard let pause else { return bytes + [111, 0x78, number] }
            bytes.append(bigEndian: UInt32(0x80 | 111) << 24 | (960 + pause) << 10 | 2)
            return bytes + [111, 0x78, number - 1, 0x78, number]
        }
        // Number 11 is lost and followed at once, 13 is lost and followed by a pause of 200 ms.
        let packets = [
            packet(10, copyBefore: nil), packet(12, copyBefore: 0), packet(14, copyBefore: 9_600),
        ]
        receiver.receive(packets, from: Self.pool, at: Self.time(100))
        let sound = EngineOutputs(of: &receiver).sound.map(\.packet)
        #expect(sound.map { $0.bytes[1] } == [10, 11, 12, 13, 14])
        #expect(sound.map(\.isCopy) == [false, true, false, false, false])
        #expect(sound.map(\.isRepeat) == [false, false, false, true, false])
    }

    @Test("sound is sent with copies when the answer puts them first, and then a lost packet is not missed")
    func redundantSound() {
        var sender = PeerEngine.unprotected()
        var receiver = PeerEngine.unprotected(seed: 2)
        let source = SSRC(5)
        sender.setSending(
            SendDescription(
                kind: .audio, codecs: [Self.red, Self.opus], cname: "c", encodings: [.init(ssrc: source)]),
            on: "a", at: .zero)
        receiver.setReceiving(
            ReceiveDescription(kind: .audio, codecs: [Self.opus, Self.red], sources: [.init(ssrc: source)]),
            on: "a", at: .zero)
        var heard: [UInt8] = []
        for number in 1...20 as ClosedRange<UInt8> {
            let now = Self.time(Int64(number) * 20)
            sender.send(Self.sound(number), on: "a", at: now)
            let datagrams = EngineOutputs(of: &sender).datagrams
            if number % 4 == 2 { continue }
            receiver.receive(datagrams, from: Self.pool, at: now)
            heard += EngineOutputs(of: &receiver).sound.map { $0.packet.bytes[1] }
        }
        #expect(heard == Array(1...20))
    }

    @Test("the encoder of sound prepares for loss only where no copies mend it", arguments: [true, false])
    func preparation(hasCopies: Bool) {
        var sender = PeerEngine.unprotected()
        var receiver = PeerEngine.unprotected(seed: 2)
        let source = SSRC(5)
        let codecs = hasCopies ? [Self.red, Self.opus] : [Self.opus]
        sender.setSending(
            SendDescription(kind: .audio, codecs: codecs, cname: "c", encodings: [.init(ssrc: source)]),
            on: "a", at: .zero)
        receiver.setReceiving(
            ReceiveDescription(kind: .audio, codecs: codecs, sources: [.init(ssrc: source)]),
            on: "a", at: .zero)
        var expected: [Int] = []
        for number in 1...250 as ClosedRange<UInt8> {
            let now = Self.time(Int64(number) * 20)
            sender.send(Self.sound(number), on: "a", at: now)
            let datagrams = EngineOutputs(of: &sender).datagrams
            if number % 10 != 2 { receiver.receive(datagrams, from: Self.pool, at: now) }
            receiver.advance(to: now)
            sender.receive(EngineOutputs(of: &receiver).datagrams, from: Self.pool, at: now)
            expected += EngineOutputs(of: &sender).expectedLosses
        }
        #expect(hasCopies ? expected.isEmpty : expected.contains { (5...15).contains($0) })
    }

    @Test("where little more than sound fits, pictures still get their turn")
    func soundDoesNotStarvePictures() {
        var sender = PeerEngine.unprotected()
        sender.setSending(
            SendDescription(kind: .audio, codecs: [Self.opus], cname: "c", encodings: [.init(ssrc: SSRC(5))]),
            on: "a", at: .zero)
        sender.setSending(
            SendDescription(kind: .video, codecs: [Self.vp8], cname: "c", encodings: [.init(ssrc: SSRC(6))]),
            on: "v", at: .zero)
        sender.update(videoBitrate: .kilobits(30))
        var pictures = 0
        for step in 1...100 as ClosedRange<Int64> {
            let now = Self.time(step * 20)
            sender.advance(to: now)
            var sound = Self.sound(UInt8(step))
            sound.bytes = [UInt8](repeating: 0x78, count: 1_000)
            sender.send(sound, on: "a", at: now)
            if step % 10 == 0 { sender.send(Self.picture(UInt8(step)), on: "v", at: now) }
            pictures += EngineOutputs(of: &sender).datagrams.count { $0.count < 1_000 }
        }
        #expect(pictures >= 9)
    }

    @Test("the more gets lost, the more copies are sent; calm takes them back")
    func copiesFollowLoss() {
        var sender = PeerEngine.unprotected()
        sender.setSending(
            SendDescription(
                kind: .audio, codecs: [Self.red, Self.opus], cname: "c", encodings: [.init(ssrc: SSRC(5))]),
            on: "a", at: .zero)
        func report(_ fractionLost: UInt8) -> Int {
            var bytes: [UInt8] = []
            let block = ReportBlock(
                ssrc: SSRC(5), fractionLost: fractionLost, cumulativeLost: 0, highestSequence: 0, jitter: 0,
                lastSenderReport: 0, delaySinceLastSenderReport: 0)
            RTCPPacket.receiverReport(ReceiverReport(ssrc: SSRC(9), blocks: [block])).append(to: &bytes)
            sender.receive([bytes], from: Self.pool, at: Self.time(10))
            for number in 1...8 as ClosedRange<UInt8> {
                sender.send(Self.sound(number), on: "a", at: Self.time(20))
            }
            return EngineOutputs(of: &sender).datagrams.last?.count ?? 0
        }
        let calm = report(0)
        // Each copy takes four bytes of header and two of sound.
        #expect(report(10) == calm + 6)
        #expect(report(64) == calm + 12)
        for _ in 0..<12 { _ = report(0) }
        #expect(report(0) == calm)
    }

    @Test("sources named anew take over a section that is used again")
    func sectionIsReused() {
        var sender = PeerEngine.unprotected()
        var receiver = PeerEngine.unprotected(seed: 2)
        for source in [SSRC(5), SSRC(6)] {
            let description = SendDescription(
                kind: .audio, codecs: [Self.opus], cname: "c", encodings: [.init(ssrc: source)])
            sender.setSending(description, on: "a", at: .zero)
            receiver.setReceiving(
                ReceiveDescription(kind: .audio, codecs: [Self.opus], sources: [.init(ssrc: source)]),
                on: "a",
                at: .zero)
            sender.send(Self.sound(1), on: "a", at: .zero)
            receiver.receive(EngineOutputs(of: &sender).datagrams, from: Self.pool, at: Self.time(5))
            #expect(EngineOutputs(of: &receiver).sound.count == 1)
            #expect(receiver.statistics.incoming.map(\.ssrc) == [source])
        }
        receiver.setReceiving(nil, on: "a", at: .zero)
        sender.send(Self.sound(2), on: "a", at: .zero)
        receiver.receive(EngineOutputs(of: &sender).datagrams, from: Self.pool, at: Self.time(25))
        #expect(EngineOutputs(of: &receiver).sound.isEmpty)
        #expect(receiver.statistics.drops.unknownSource == 1)
    }

    @Test("packets without any name belong to the only section with their payload type")
    func routesByPayloadType() {
        var sender = PeerEngine.unprotected()
        sender.setSending(
            SendDescription(kind: .audio, codecs: [Self.opus], cname: "c", encodings: [.init(ssrc: SSRC(5))]),
            on: "a", at: .zero)
        var receiver = PeerEngine.unprotected(seed: 2)
        receiver.setReceiving(ReceiveDescription(kind: .audio, codecs: [Self.opus]), on: "a", at: .zero)
        receiver.setReceiving(ReceiveDescription(kind: .video, codecs: [Self.vp8]), on: "v", at: .zero)
        sender.send(Self.sound(1), on: "a", at: .zero)
        receiver.receive(EngineOutputs(of: &sender).datagrams, from: Self.pool, at: Self.time(5))
        #expect(EngineOutputs(of: &receiver).sound.first?.mid == "a")
        receiver.setReceiving(ReceiveDescription(kind: .audio, codecs: [Self.opus]), on: "b", at: .zero)
        sender.setSending(
            SendDescription(kind: .audio, codecs: [Self.opus], cname: "c", encodings: [.init(ssrc: SSRC(6))]),
            on: "a", at: .zero)
        sender.send(Self.sound(2), on: "a", at: .zero)
        receiver.receive(EngineOutputs(of: &sender).datagrams, from: Self.pool, at: Self.time(25))
        #expect(EngineOutputs(of: &receiver).sound.isEmpty)
        #expect(receiver.statistics.drops.unknownSource == 1)
    }

    @Test("a wish for a key frame reaches the sender's owner, for one layer or for all")
    func keyframeRequests() {
        var publisher = Self.makePublisher()
        var room = Self.makeRoom()
        for encoding in 0...1 { publisher.send(Self.picture(1), on: "v", encoding: encoding, at: .zero) }
        room.receive(EngineOutputs(of: &publisher).datagrams, from: Self.pool, at: .zero)
        _ = EngineOutputs(of: &room)
        room.requestKeyframe(on: "v", ssrc: SSRC(20), at: Self.time(1))
        publisher.receive(EngineOutputs(of: &room).datagrams, from: Self.pool, at: Self.time(2))
        #expect(EngineOutputs(of: &publisher).keyframeRequests == [SSRC(20)])
        room.requestKeyframe(on: "v", at: Self.time(3))
        publisher.receive(EngineOutputs(of: &room).datagrams, from: Self.pool, at: Self.time(4))
        #expect(EngineOutputs(of: &publisher).keyframeRequests == [SSRC(10), SSRC(20)])
    }

    @Test("reports to many streams fit their datagrams")
    func manyStreams() {
        var sender = PeerEngine.unprotected()
        var receiver = PeerEngine.unprotected(seed: 2)
        for number in 0..<60 as Range<UInt32> {
            let mid = MediaID("\(number)")
            let source = SSRC(1_000 + number)
            sender.setSending(
                SendDescription(
                    kind: .audio, codecs: [Self.opus], cname: "a rather long canonical name",
                    encodings: [.init(ssrc: source)]),
                on: mid, at: .zero)
            receiver.setReceiving(
                ReceiveDescription(kind: .audio, codecs: [Self.opus], sources: [.init(ssrc: source)]),
                on: mid,
                at: .zero)
            sender.send(Self.sound(1), on: mid, at: .zero)
        }
        receiver.receive(EngineOutputs(of: &sender).datagrams, from: Self.pool, at: Self.time(5))
        #expect(EngineOutputs(of: &receiver).sound.count == 60)
        sender.advance(to: Self.time(400))
        receiver.advance(to: Self.time(400))
        let reports = EngineOutputs(of: &sender).datagrams
        let blocks = EngineOutputs(of: &receiver).datagrams
        #expect((reports + blocks).allSatisfy { $0.count < 1_200 })
        receiver.receive(reports, from: Self.pool, at: Self.time(420))
        #expect(EngineOutputs(of: &receiver).senderReports.count == 60)
        let reported = blocks.flatMap { RTCPPacket.parseCompound($0.span) }.reduce(0) { count, packet in
            if case .receiverReport(let report) = packet { count + report.blocks.count } else { count }
        }
        #expect(reported == 60)
    }

    @Test("before there are keys nothing goes out, and then everything begins with a key frame")
    func pending() {
        var engine = PeerEngine(
            configuration: PeerEngineConfiguration(unixNanosecondsAtZero: 0, seed: 1), now: .zero)
        engine.setSending(
            SendDescription(kind: .video, codecs: [Self.vp8], cname: "c", encodings: [.init(ssrc: SSRC(5))]),
            on: "v", at: .zero)
        engine.send(Self.picture(1), on: "v", at: .zero)
        engine.receive([[0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]], from: Self.pool, at: .zero)
        #expect(EngineOutputs(of: &engine).datagrams.isEmpty)
        #expect(engine.nextDeadline == nil)
        #expect(engine.statistics.drops.unsendableFrames == 1)
        #expect(engine.statistics.drops.unprotected == 1)
        engine.passThrough(at: Self.time(100))
        #expect(EngineOutputs(of: &engine).keyframeRequests == [SSRC(5)])
    }

    @Test("a picture that does not fit behind those that wait is dropped whole, with all that build on it")
    func congestion() {
        var engine = PeerEngine.unprotected()
        engine.setSending(
            SendDescription(kind: .video, codecs: [Self.vp8], cname: "c", encodings: [.init(ssrc: SSRC(5))]),
            on: "v", at: .zero)
        for number in 0..<10 as Range<UInt8> {
            engine.send(Self.picture(number, isKeyframe: number == 0, bytes: 100_000), on: "v", at: .zero)
        }
        #expect(EngineOutputs(of: &engine).keyframeRequests == [SSRC(5)])
        #expect(engine.statistics.drops.congestedFrames == 6)
        let waiting = engine.statistics.pacedPackets
        #expect(waiting <= Pacer.capacity)
        engine.advance(to: Self.time(1_000))
        engine.send(Self.picture(10, isKeyframe: false), on: "v", at: Self.time(1_000))
        #expect(engine.statistics.drops.congestedFrames == 7)
        engine.send(Self.picture(11), on: "v", at: Self.time(1_033))
        engine.send(Self.picture(12, isKeyframe: false), on: "v", at: Self.time(1_066))
        #expect(engine.statistics.drops.congestedFrames == 7)
        #expect(EngineOutputs(of: &engine).keyframeRequests.isEmpty)
    }

    @Test(
        "ten thousand mutations of real datagrams neither trap nor fill memory",
        arguments: [1, 2] as [UInt64])
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var publisher = Self.makePublisher()
        for number in 0..<20 as Range<UInt8> {
            publisher.send(Self.picture(number, bytes: 2_000), on: "v", encoding: Int(number % 2), at: .zero)
        }
        publisher.advance(to: Self.time(2_000))
        var samples = EngineOutputs(of: &publisher).datagrams
        var room = Self.makeRoom()
        room.receive(samples, from: Self.pool, at: Self.time(2_000))
        room.advance(to: Self.time(3_000))
        samples += EngineOutputs(of: &room).datagrams
        var viewer = PeerEngine.unprotected(seed: 5)
        viewer.setReceiving(
            ReceiveDescription(kind: .video, codecs: [Self.vp8, Self.repeats], extensions: Self.map), on: "v",
            at: .zero)
        for step in 0..<5_000 as Range<Int64> {
            var datagram = samples[Int.random(in: samples.indices, using: &generator)]
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !datagram.isEmpty {
                let index = Int.random(in: 0..<min(datagram.count, 40), using: &generator)
                datagram[index] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) {
                datagram.removeLast(Int.random(in: 0...datagram.count, using: &generator))
            }
            let now = Self.time(3_000 + step * 3)
            room.receive([datagram], from: Self.pool, at: now)
            room.advance(to: now)
            viewer.receive([datagram], from: Self.pool, at: now)
            viewer.advance(to: now)
            publisher.receive([datagram], from: Self.pool, at: now)
            publisher.advance(to: now)
            #expect(EngineOutputs(of: &room).datagrams.count < 20)
            #expect(EngineOutputs(of: &viewer).datagrams.count < 20)
            #expect(EngineOutputs(of: &publisher).datagrams.count < 600)
        }
        #expect(room.statistics.incoming.count <= 8)
        #expect(viewer.statistics.incoming.count <= 8)
    }
}
