import MediaCore
import Testing

@testable import RoomServer

@Suite("Picking the layers of a track")
struct LayerSelectorTests {
    private static func packet(
        _ spatial: Int, _ temporal: Int, at picture: UInt32, key: Bool = false, stream: Int = 0,
        switching: TemporalSwitching = .none, ends: Bool = true, marked: Bool = false
    ) -> PublishedPacket {
        PublishedPacket(
            stream: stream, layer: TrackLayer(spatial: spatial, temporal: temporal), sequence: 0,
            timestamp: picture &* 3_000, isMarked: marked, startsFrame: spatial == 0 || stream == spatial,
            endsLayer: ends, isKeyframe: key && (spatial == 0 || stream == spatial), isInterPicture: !key,
            switching: switching)
    }

    /// A scalable stream that is being forwarded up to a layer.
    private func scalable(_ spatial: Int, _ temporal: Int) -> LayerSelector {
        var selector = LayerSelector(isOneStream: true)
        selector.target = TrackLayer(spatial: spatial, temporal: temporal)
        for size in 0..<3 { _ = selector.receive(Self.packet(size, 0, at: 0, key: true, marked: size == 2)) }
        return selector
    }

    @Test("temporal layers above the target are left out, the others go on")
    func leavesOutTemporalLayers() {
        var selector = scalable(0, 1)
        let verdicts = [0, 2, 1, 2].enumerated().map { index, temporal in
            selector.receive(Self.packet(0, temporal, at: UInt32(index) + 1, marked: true))
        }
        #expect(verdicts == [.forward(isLast: true), .leaveOut, .forward(isLast: true), .leaveOut])
    }

    @Test("a picture that began is finished although less is wanted by now")
    func finishesPictures() {
        var selector = scalable(0, 2)
        #expect(selector.receive(Self.packet(0, 2, at: 1, ends: false)) == .forward(isLast: false))
        selector.target = TrackLayer(spatial: 0, temporal: 0)
        #expect(selector.receive(Self.packet(0, 2, at: 1, marked: true)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 2, at: 2, marked: true)) == .leaveOut)
    }

    @Test("a temporal layer comes back only where the publisher says that it may")
    func waitsForSwitchingPoints() {
        var selector = scalable(0, 0)
        selector.target = TrackLayer(spatial: 0, temporal: 2)
        #expect(selector.receive(Self.packet(0, 2, at: 1)) == .leaveOut)
        #expect(selector.receive(Self.packet(0, 1, at: 2, switching: .thisLayer)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 2, at: 3)) == .leaveOut)
        #expect(selector.receive(Self.packet(0, 0, at: 4)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 2, at: 5, switching: .thisLayer)) == .forward(isLast: true))
    }

    @Test("behind a switching point of VP9 every temporal layer may come")
    func opensHigherLayers() {
        var selector = scalable(0, 0)
        selector.target = TrackLayer(spatial: 0, temporal: 2)
        #expect(
            selector.receive(Self.packet(0, 0, at: 1, switching: .higherLayers)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 2, at: 2)) == .forward(isLast: true))
    }

    @Test("larger sizes of one stream are dropped at the next picture, whose last packet is marked")
    func dropsSpatialLayers() {
        var selector = scalable(2, 2)
        #expect(selector.receive(Self.packet(0, 0, at: 1)) == .forward(isLast: false))
        selector.target = TrackLayer(spatial: 1, temporal: 2)
        #expect(selector.receive(Self.packet(1, 0, at: 1)) == .forward(isLast: false))
        #expect(selector.receive(Self.packet(2, 0, at: 1, marked: true)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 1, at: 2)) == .forward(isLast: false))
        #expect(selector.receive(Self.packet(1, 1, at: 2, ends: false)) == .forward(isLast: false))
        #expect(selector.receive(Self.packet(1, 1, at: 2)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(2, 1, at: 2, marked: true)) == .leaveOut)
        #expect(selector.neededStream == nil)
    }

    @Test("larger sizes of one stream come back with a key picture, which is asked for")
    func addsSpatialLayers() {
        var selector = scalable(0, 2)
        selector.target = TrackLayer(spatial: 2, temporal: 2)
        #expect(selector.neededStream == 0)
        #expect(selector.receive(Self.packet(0, 0, at: 1)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(1, 0, at: 1)) == .leaveOut)
        #expect(selector.receive(Self.packet(0, 0, at: 2, key: true)) == .forward(isLast: false))
        #expect(selector.receive(Self.packet(1, 0, at: 2, key: true)) == .forward(isLast: false))
        #expect(selector.receive(Self.packet(2, 0, at: 2, key: true, marked: true)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(2, 2, at: 3, marked: true)) == .forward(isLast: true))
        #expect(selector.neededStream == nil)
    }

    @Test(
        "a key picture whose beginning was repeated begins nothing, the next one does",
        arguments: [true, false])
    func leavesLateBeginnings(isFirst: Bool) {
        var selector = LayerSelector(isOneStream: false)
        selector.target = TrackLayer(spatial: 1, temporal: 3)
        if !isFirst { _ = selector.receive(Self.packet(0, 0, at: 0, key: true)) }
        var beginning = Self.packet(1, 0, at: 1, key: true, stream: 1)
        beginning.isLate = true
        #expect(selector.receive(beginning) == .ignore)
        #expect(selector.neededStream == 1)
        #expect(selector.receive(Self.packet(1, 0, at: 2, key: true, stream: 1)) == .begin(isLast: false))
    }

    @Test("a late packet shares the fate of its picture")
    func treatsLatePacketsAlike() {
        var selector = scalable(0, 0)
        #expect(selector.receive(Self.packet(0, 2, at: 1)) == .leaveOut)
        selector.target = TrackLayer(spatial: 0, temporal: 2)
        #expect(selector.receive(Self.packet(0, 2, at: 2, switching: .thisLayer)) == .forward(isLast: true))
        #expect(selector.receive(Self.packet(0, 2, at: 1)) == .leaveOut)
    }

    @Test(
        "the larger stream goes on until the smaller one has a key picture; slowed down or held back when pressed"
    )
    func slowsDownWhilePressed() {
        var selector = LayerSelector(isOneStream: false)
        _ = selector.receive(Self.packet(2, 0, at: 0, key: true, stream: 2))
        selector.target = TrackLayer(spatial: 0, temporal: 3)
        #expect(selector.neededStream == 0)
        #expect(selector.receive(Self.packet(2, 2, at: 1, stream: 2)) == .forward(isLast: false))
        selector.pressure = .some
        #expect(selector.receive(Self.packet(2, 2, at: 2, stream: 2)) == .leaveOut)
        #expect(selector.receive(Self.packet(2, 0, at: 3, stream: 2)) == .forward(isLast: false))
        selector.pressure = .severe
        #expect(selector.receive(Self.packet(2, 0, at: 4, stream: 2)) == .leaveOut)
        #expect(selector.receive(Self.packet(0, 2, at: 3)) == .ignore)
        #expect(selector.receive(Self.packet(0, 0, at: 4, key: true)) == .begin(isLast: false))
        #expect(selector.receive(Self.packet(2, 0, at: 4, stream: 2)) == .ignore)
        #expect(selector.receive(Self.packet(0, 2, at: 5)) == .forward(isLast: false))
    }

    @Test("timestamps that wrap are in order", arguments: [UInt32.max - 1, .max, 0, 1])
    func survivesWraps(start: UInt32) {
        var pictures = PictureDecisions()
        pictures.note(start, .lowest)
        #expect(pictures.isNewer(start &+ 1))
        pictures.note(start &+ 1, .highest)
        #expect(!pictures.isNewer(start))
        #expect(pictures.fate(of: start) == .lowest)
    }

    @Test("only the last pictures are remembered, and the newest always")
    func remembersLastPictures() {
        var pictures = PictureDecisions()
        for picture in UInt32(0)..<100 { pictures.note(picture, .lowest) }
        #expect(pictures.fate(of: 99) == .lowest)
        #expect(pictures.fate(of: 68) == .lowest)
        #expect(pictures.fate(of: 67) == nil)
    }
}
