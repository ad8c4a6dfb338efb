import MediaCore
import Testing

@testable import RoomServer

@Suite("Sizes of a scalable stream that come together")
struct SizeChainTests {
    /// Of each packet the number, the picture, the size, and whether the size begins with it.
    private typealias Row = (sequence: Int64, picture: UInt32, size: Int, starts: Bool)

    private static func answers(_ rows: [Row], from begin: Int64 = 0) -> [Bool] {
        var chain = SizeChain()
        return rows.map { row in
            var packet = PublishedPacket(
                stream: 0, layer: TrackLayer(spatial: row.size, temporal: 0), sequence: begin + row.sequence,
                timestamp: row.picture &* 3_000)
            packet.startsLayer = row.starts
            packet.isPadding = row.size < 0
            if packet.isPadding { packet.layer.spatial = 0 }
            return chain.receive(packet)
        }
    }

    @Test("larger sizes need the smaller ones, also where those are missing and come later")
    func whole() {
        let rows: [Row] = [
            (1, 1, 0, true), (2, 1, 1, true), (3, 1, 1, false), (4, 1, 2, true),
            // 5 is lost.
            (6, 2, 1, true), (7, 2, 2, true), (5, 2, 0, true), (8, 3, 0, true), (9, 3, 1, true),
        ]
        for begin in [0, 65_530, Int64(UInt32.max)] {
            #expect(
                Self.answers(rows, from: begin)
                    == [false, true, true, true, true, true, false, false, true])
        }
    }

    @Test("once a picture has come without a smaller size, nothing is said any more")
    func screen() {
        #expect(Self.answers([(1, 1, 0, true), (2, 1, 1, true), (3, 2, 1, true)]) == [false, true, false])
        #expect(
            Self.answers([(1, 1, 0, true), (2, 1, 2, true), (3, 2, 0, true), (4, 2, 1, true)])
                == [false, false, false, false])
    }

    @Test("padding between two pictures proves nothing")
    func padding() {
        #expect(Self.answers([(1, 1, 0, true), (2, 1, -1, false), (3, 1, 1, true)]) == [false, false, true])
    }
}
