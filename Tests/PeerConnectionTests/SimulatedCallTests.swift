import MediaCore
import PeerConnection
import RTP
import RoomTestKit
import Testing

/// Whole calls in virtual time. A failing expectation names the seed, which repeats the call exactly.
@Suite("Simulated calls")
struct SimulatedCallTests {
    @Test("on a clean path every picture comes, none waits, and no key frame is asked for again")
    func cleanCall() throws {
        let call = try SimulatedCall(SimulatedCall.Options())
        #expect(call.run(for: .seconds(10)))
        #expect(call.audience.seen.count >= call.sentFrames - 3)
        #expect(call.audience.undecodableCount == 0)
        #expect(call.audience.damagedCount == 0)
        #expect(call.audience.longestPause < .milliseconds(100))
        #expect(call.keyframeRequestCount == 0)
        #expect(call.audience.heard.count >= call.sentAudio - 5)
        #expect(call.audience.sound.statistics.concealed == 0)
        #expect(call.audience.sound.targetDelay <= .milliseconds(30))
        let incoming = try #require(call.receiverStatistics.incoming.first { $0.kind == .video })
        #expect(incoming.stream.requested == 0)
        #expect(incoming.stream.lost == 0)
        #expect(incoming.targetDelay < .milliseconds(50))
    }

    @Test("with five percent loss the picture hardly ever stands still", arguments: [1, 2, 3] as [UInt64])
    func randomLoss(seed: UInt64) throws {
        var options = SimulatedCall.Options()
        (options.forward, options.backward, options.seed) = (.lossy, .lossy, seed)
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(12)))
        let shown = Double(call.audience.seen.count) / Double(call.sentFrames)
        #expect(shown >= 0.97, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
        #expect(call.audience.damagedCount == 0, "seed \(seed)")
        #expect(call.audience.freezes.total < .seconds(1), "seed \(seed)")
        #expect(call.audience.longestPause < .milliseconds(700), "seed \(seed)")
        let concealed = Double(call.audience.sound.statistics.concealed) / Double(call.sentAudio)
        #expect(concealed < 0.08, "seed \(seed)")
    }

    @Test("bursts of losses are repaired or ended by a key frame", arguments: [1, 2] as [UInt64])
    func bursts(seed: UInt64) throws {
        var options = SimulatedCall.Options()
        options.forward.bursts = 0.004
        options.forward.burstLength = 12
        options.seed = seed
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(12)))
        #expect(Double(call.audience.seen.count) / Double(call.sentFrames) >= 0.95, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
        #expect(call.audience.freezes.total < .seconds(2), "seed \(seed)")
    }

    @Test("reordering costs no picture and few requests", arguments: [1, 2] as [UInt64])
    func reordering(seed: UInt64) throws {
        var options = SimulatedCall.Options()
        (options.forward.jitter, options.forward.reorders, options.seed) = (.milliseconds(30), true, seed)
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(12)))
        #expect(call.audience.seen.count >= call.sentFrames - 3, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
        let incoming = try #require(call.receiverStatistics.incoming.first { $0.kind == .video })
        #expect(incoming.stream.requested < 200, "seed \(seed)")
        #expect(call.audience.sound.statistics.concealed < 30, "seed \(seed)")
    }

    @Test(
        "nothing happens when numbers wrap",
        arguments: [0, 1, 127, 128, 32_767, 32_768, 65_000, 65_530, 65_534, 65_535] as [UInt16])
    func wrapping(firstSequence: UInt16) throws {
        var options = SimulatedCall.Options()
        options.forward.loss = 0.02
        options.firstSequence = firstSequence
        options.firstTimestamp = .max - 90_000
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(3)))
        #expect(call.audience.seen.count >= call.sentFrames - 5)
        #expect(call.audience.undecodableCount == 0)
        #expect(call.audience.damagedCount == 0)
        #expect(call.audience.freezes.total < .milliseconds(500))
        #expect(call.audience.heard.count > 130)
        #expect(zip(call.audience.heard, call.audience.heard.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("after an outage of a second a key frame brings the picture back at once")
    func outage() throws {
        let call = try SimulatedCall(SimulatedCall.Options())
        call.run(for: .seconds(5))
        call.forward.isDown = true
        call.run(for: .seconds(1))
        call.forward.isDown = false
        let restored = call.now
        #expect(call.run(for: .seconds(4)))
        let next = try #require(call.audience.seen.first { $0.time > restored + .milliseconds(25) })
        #expect(next.isKeyframe)
        #expect(next.time - restored < .milliseconds(800))
        #expect(call.keyframeRequestCount >= 1)
        #expect(call.audience.undecodableCount == 0)
        #expect(call.audience.seen.last?.number == UInt32(call.sentFrames - 2))
        // Sound comes back by itself and does not lag behind for ever.
        let late = try #require(call.audience.heard.last)
        #expect(late > 65_536 + 400)
    }

    @Test("while nothing gets back, requests for key frames become rare")
    func requestsBackOff() throws {
        let call = try SimulatedCall(SimulatedCall.Options())
        call.run(for: .seconds(2))
        call.backward.isDown = true
        call.forward.isDown = true
        call.run(for: .milliseconds(600))
        call.forward.isDown = false
        call.run(for: .seconds(12))
        let incoming = try #require(call.receiverStatistics.incoming.first { $0.kind == .video })
        #expect(incoming.keyframeRequests >= 5)
        #expect(incoming.keyframeRequests <= 20)
        call.backward.isDown = false
        let restored = call.now
        call.run(for: .seconds(4))
        let next = try #require(call.audience.seen.last { $0.isKeyframe })
        #expect(next.time - restored < .seconds(3))
    }

    @Test("without a stream for repeats, packets are repeated as they were")
    func plainRepeats() throws {
        var options = SimulatedCall.Options()
        options.hasRetransmissionStream = false
        options.forward.loss = 0.05
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(10)))
        #expect(Double(call.audience.seen.count) / Double(call.sentFrames) >= 0.97)
        let incoming = try #require(call.receiverStatistics.incoming.first { $0.kind == .video })
        #expect(incoming.stream.recovered > 50)
        // Repeats are no proof that nothing was lost.
        #expect(incoming.stream.lost > 50)
    }

    @Test("sources named in the description need no extension in the packets")
    func declaredSources() throws {
        var options = SimulatedCall.Options()
        options.declaresSources = true
        options.forward.loss = 0.03
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(5)))
        #expect(call.audience.seen.count >= call.sentFrames - 5)
        #expect(call.receiverStatistics.drops.unknownSource == 0)
        #expect(call.receiverStatistics.incoming.contains { $0.stream.recovered > 10 })
    }

    @Test("every packet is reported to the sender, and both sides know the round-trip time")
    func reports() throws {
        let call = try SimulatedCall(SimulatedCall.Options())
        #expect(call.run(for: .seconds(5)))
        let sent = call.senderStatistics.outgoing.reduce(0) { $0 + $1.stream.packets }
        #expect(call.feedbackPacketCount > sent - 100)
        #expect(call.feedbackCount >= 40)
        #expect(call.audience.senderReportCount >= 8)
        let expected = Duration.milliseconds(40)
        for time in [call.senderStatistics.roundTrip, call.receiverStatistics.roundTrip] {
            let time = try #require(time)
            #expect(abs((time - expected).inMilliseconds) < 2)
        }
    }

    @Test("the share of lost packets that a report tells is the share that was lost")
    func reportedLoss() throws {
        var options = SimulatedCall.Options()
        options.forward.loss = 0.1
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(12)))
        let outgoing = try #require(call.senderStatistics.outgoing.first { $0.kind == .video })
        let share = Double(outgoing.stream.remoteLost) / Double(outgoing.stream.packets)
        #expect(abs(share - 0.1) < 0.02)
        #expect(outgoing.stream.repeats >= outgoing.stream.remoteLost / 2)
    }

    @Test(
        "on every kind of path the picture moves on",
        arguments: ["wifi", "congested", "cellular", "satellite"], 1...3 as ClosedRange<UInt64>)
    func presets(name: String, seed: UInt64) throws {
        let presets: [String: LinkModel.Settings] = [
            "wifi": .wifi, "congested": .congested, "cellular": .cellular, "satellite": .satellite,
        ]
        var options = SimulatedCall.Options()
        options.forward = try #require(presets[name])
        options.backward = options.forward
        options.seed = seed
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(12)))
        #expect(Double(call.audience.seen.count) / Double(call.sentFrames) > 0.9, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0)
        #expect(call.audience.damagedCount == 0)
        #expect(call.audience.longestPause < .milliseconds(1_000), "seed \(seed)")
    }

    @Test("nothing grows without bound in a hopeless while")
    func hopelessPath() throws {
        var options = SimulatedCall.Options()
        (options.forward.loss, options.forward.duplicates) = (0.4, 0.1)
        (options.forward.jitter, options.forward.reorders) = (.milliseconds(200), true)
        options.backward.loss = 0.4
        let call = try SimulatedCall(options)
        #expect(call.run(for: .seconds(40)))
        #expect(call.audience.undecodableCount == 0)
        #expect(call.audience.damagedCount == 0)
        #expect(call.audience.sound.count <= AudioJitterBuffer.capacity)
        #expect(call.senderStatistics.pacedPackets <= Pacer.capacity)
        #expect(call.receiverStatistics.incoming.count == 2)
        // Requests stay in proportion to what was lost, and so do repeats.
        let sent = call.senderStatistics.outgoing.reduce(0) { $0 + $1.stream.packets }
        let repeats = call.senderStatistics.outgoing.reduce(0) { $0 + $1.stream.repeats }
        #expect(repeats < sent * 2)
        #expect(call.backward.sentCount < call.forward.sentCount)
    }

    @Test("a decoder that failed gets a key frame, and nothing else until then")
    func decoderFails() throws {
        let call = try SimulatedCall(SimulatedCall.Options())
        call.run(for: .seconds(2))
        let before = call.audience.seen.count
        call.requestKeyframe()
        call.run(for: .seconds(1))
        #expect(call.audience.seen[before].isKeyframe)
        #expect(call.keyframeRequestCount == 1)
        #expect(call.audience.seen[before].time - call.audience.seen[before - 1].time < .milliseconds(200))
    }
}
