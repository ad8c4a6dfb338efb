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
        #expect(call.audience.longestFreeze < .milliseconds(100))
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
        #expect(call.run(for: .seconds(20)))
        let shown = Double(call.audience.seen.count) / Double(call.sentFrames)
        #expect(shown >= 0.97, "seed \(seed)")
        #expect(call.audience.undecodableCount == 0, "seed \(seed)")
        #expect(call.audience.damagedCount == 0, "seed \(seed)")
        #expect(call.audience.frozenTime < .seconds(1), "seed \(seed)")
        #expect(call.audience.longestFreeze < .milliseconds(700), "seed \(seed)")
        let concealed = Double(call.audience.sound.statistics.concealed) / Double(call.sentAudio)
        #expect(concealed < 0.06, "seed \(seed)")
    }
}
