import MediaCore
import Testing

@testable import RoomKit

@Suite("Layers under pressure")
final class LayerAllocationTests {
    /// q 32...160, h 90...450, f 340...1,700 kbit/s.
    private static let layers = VideoLayerPlan(
        format: VideoFormat(width: 1_280, height: 720, framesPerSecond: 30), isScreen: false,
        isSimulcast: true
    ).layers
    private static let everybody = [true, true, true]
    private var allocation = LayerAllocation(layers)
    private var now = MonotonicTime.zero

    private func kilobits(
        _ limit: Int, after span: Duration = .zero, isUsable: [Bool] = everybody
    ) -> [Int] {
        now += span
        return allocation.allocate(.kilobits(limit), isUsable: isUsable, at: now).map(\.kilobitsPerSecond)
    }

    @Test("with room for all every layer gets what it would like")
    func plenty() {
        #expect(kilobits(2_310) == [160, 450, 1_700])
        #expect(kilobits(1_000_000) == [160, 450, 1_700])
    }

    @Test("what is above the minimums is shared in proportion, and the whole picture stays")
    func proportion() {
        #expect(kilobits(462) == [32, 90, 340])
        let half = kilobits(1_386)
        #expect(half == [96, 270, 1_020])
    }

    @Test("a dip is borne for a second, then the top layer goes, then the next")
    func dropping() {
        #expect(kilobits(300).allSatisfy { $0 > 0 })
        #expect(kilobits(300, after: .milliseconds(900)).allSatisfy { $0 > 0 })
        let without = kilobits(300, after: .milliseconds(100))
        #expect(without[2] == 0 && without[1] > 150)
        #expect(kilobits(80).filter { $0 > 0 }.count == 2)
        #expect(kilobits(80, after: .seconds(1)) == [80, 0, 0])
    }

    @Test("far too little switches layers off at once, and the lowest is always sent")
    func emergency() {
        #expect(kilobits(200) == [52, 147, 0])
        #expect(kilobits(60) == [60, 0, 0])
        #expect(kilobits(5) == [5, 0, 0])
    }

    @Test("a layer comes back with a margin and not at once, unless there is plenty")
    func comingBack() {
        _ = kilobits(200)
        #expect(kilobits(900, after: .milliseconds(900))[2] == 0)
        #expect(kilobits(540, after: .milliseconds(100))[2] == 0)
        #expect(kilobits(560, after: .milliseconds(100))[2] > 0)
        _ = kilobits(200)
        #expect(kilobits(1_000, after: .milliseconds(33))[2] > 0)
    }

    @Test("an estimate that swings about the need switches nothing")
    func swinging() {
        for step in 0..<100 {
            let shares = kilobits(step % 2 == 0 ? 500 : 360, after: .milliseconds(200))
            #expect(shares.allSatisfy { $0 > 0 })
        }
    }

    @Test("layers that nobody watches get nothing and leave their share to the others")
    func unwatched() {
        #expect(kilobits(610, isUsable: [true, true, false]) == [160, 450, 0])
        #expect(kilobits(400, isUsable: [false, false, true]) == [0, 0, 400])
        #expect(kilobits(400, isUsable: [false, false, false]) == [0, 0, 0])
        // Somebody watches again: at once, when there is room.
        #expect(kilobits(2_310) == [160, 450, 1_700])
    }

    @Test("of sizes of one stream only the highest is sent")
    func oneStream() {
        allocation = LayerAllocation(Self.layers, sharing: .highestOnly)
        #expect(kilobits(5_000) == [0, 0, 1_700])
        #expect(kilobits(340) == [0, 0, 340])
        #expect(kilobits(200) == [0, 0, 200])
        #expect(kilobits(200, after: .seconds(1)) == [0, 200, 0])
        #expect(kilobits(20, after: .seconds(1)) == [20, 0, 0])
        #expect(kilobits(420, after: .seconds(3)) == [0, 0, 420])
    }

    @Test("never more is given than is there, whatever comes", arguments: 0..<20 as Range<UInt64>)
    func budget(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let limit = Int.random(in: 0...3_000, using: &random)
            let isUsable = (0..<3).map { _ in Int.random(in: 0..<5, using: &random) > 0 }
            let shares = kilobits(
                limit, after: .milliseconds(Int.random(in: 0...700, using: &random)), isUsable: isUsable)
            #expect(shares.reduce(0, +) <= limit)
            if limit >= 10, let lowest = isUsable.firstIndex(of: true) { #expect(shares[lowest] > 0) }
            for (share, isUsable) in zip(shares, isUsable) where !isUsable { #expect(share == 0) }
        }
    }
}
