import MediaCore
import Testing

@testable import RoomServer

/// Three temporal layers of VP8 through a lossy network that repairs some of its losses late, while the target moves.
@Suite("Forwarding a stream of which pictures are left out")
struct ForwarderLayersTests {
    private struct Arrival {
        var packet: PublishedPacket
        var order: Double
    }

    /// What a publisher sends, in the order of arrival: one in ten packets late, one in fifty never.
    private func arrivals(_ seed: UInt64, pictures: Int, loss: Int) -> [Arrival] {
        var random = SeededGenerator(seed: seed)
        var sequence: Int64 = 65_500
        var base: UInt8 = 250
        var result: [Arrival] = []
        for picture in 0..<pictures {
            let temporal = [0, 2, 1, 2][picture % 4]
            if temporal == 0 { base &+= 1 }
            for part in 0..<Int.random(in: 1...4, using: &random) {
                var packet = PublishedPacket(
                    stream: 0, layer: TrackLayer(spatial: 0, temporal: temporal), sequence: sequence,
                    timestamp: UInt32(truncatingIfNeeded: 0xFFFF_0000 + picture * 3_000),
                    startsFrame: part == 0, startsLayer: part == 0, isKeyframe: picture == 0 && part == 0,
                    switching: temporal > 0 && picture % 8 < 4 ? .thisLayer : .none,
                    picture: VP8Counters(pictureID: UInt16(32_700 + picture) & 0x7FFF, baseLayerIndex: base))
                packet.isMarked = part == 0
                sequence += 1
                var order = Double(result.count)
                if picture > 0, Int.random(in: 0..<100, using: &random) < loss {
                    if Int.random(in: 0..<5, using: &random) == 0 { continue }
                    order += Double.random(in: 1...60, using: &random)
                }
                result.append(Arrival(packet: packet, order: order))
            }
        }
        return result.sorted { $0.order < $1.order }
    }

    private func forward(_ arrivals: [Arrival], seed: UInt64) -> [ForwardedPosition] {
        var random = SeededGenerator(seed: seed)
        var forwarder = Forwarder(clockRate: 90_000, isOneStream: true, beginsAnywhere: false)
        var liveness = LayerLiveness(count: 1)
        return arrivals.enumerated().compactMap { index, arrival in
            let now = MonotonicTime(microseconds: Int64(index) * 10_000)
            liveness.receive(0, startsFrame: arrival.packet.startsFrame, at: now)
            if index % 100 == 99 {
                let temporal = Int.random(in: 0...2, using: &random)
                forwarder.allow(.upTo(TrackLayer(spatial: 0, temporal: temporal)))
            }
            _ = forwarder.choose(liveness, at: now)
            return forwarder.receive(arrival.packet, clocks: [nil], at: now)
        }
    }

    @Test("without loss neither packets nor pictures have gaps", arguments: [1, 2, 3, 4] as [UInt64])
    func leavesNoGaps(seed: UInt64) {
        let sent = forward(arrivals(seed, pictures: 1_000, loss: 0), seed: seed)
        #expect(sent.count > 500 && sent.count < 2_400)
        for (old, new) in zip(sent, sent.dropFirst()) {
            #expect(new.sequenceNumber == old.sequenceNumber &+ 1)
            let step = ((new.picture?.pictureID ?? 0) &- (old.picture?.pictureID ?? 0)) & 0x7FFF
            #expect(step == (new.timestamp == old.timestamp ? 0 : 1))
        }
    }

    @Test("with loss and late packets no number is given twice", arguments: [5, 6, 7, 8] as [UInt64])
    func givesNumbersOnce(seed: UInt64) {
        let sent = forward(arrivals(seed, pictures: 2_000, loss: 10), seed: seed)
        #expect(sent.count > 1_000)
        #expect(Set(sent.map(\.sequenceNumber)).count == sent.count)
        // One picture, one number: the same for all its packets, and another for all others.
        let pairs = Set(sent.map { [UInt32($0.picture?.pictureID ?? 0), $0.timestamp] })
        #expect(Set(pairs.map { $0[0] }).count == pairs.count)
        #expect(Set(pairs.map { $0[1] }).count == pairs.count)
    }

    @Test("numbers of pictures with 7 bits wrap where they do", arguments: [UInt16(0), 1, 126, 127])
    func extendsShortNumbers(start: UInt16) {
        var rewriter = VP8CounterRewriter()
        func counters(_ step: UInt16) -> VP8Counters {
            VP8Counters(pictureID: (start + step) & 0x7F, hasLongPictureID: false)
        }
        rewriter.begin(with: counters(0))
        let numbers = (0..<300 as Range<UInt16>).map { rewriter.take(counters($0)).pictureID }
        #expect(numbers == (0..<300).map { start + $0 })
    }
}
