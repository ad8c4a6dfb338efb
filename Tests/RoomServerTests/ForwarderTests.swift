import MediaCore
import Testing

@testable import RoomServer

@Suite("Forwarding a track to a subscriber")
struct ForwarderTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(microseconds: milliseconds * 1_000)
    }

    /// A forwarder with a track of three layers that are all being sent.
    private func video() -> (Forwarder, LayerLiveness) {
        var liveness = LayerLiveness(count: 3)
        for layer in 0..<3 { liveness.receive(layer, startsFrame: true, at: .zero) }
        var forwarder = Forwarder(clockRate: 90_000, isOneStream: false, beginsAnywhere: false)
        _ = forwarder.choose(liveness, at: .zero)
        return (forwarder, liveness)
    }

    private func packet(
        _ layer: Int, _ sequence: Int64, at timestamp: UInt32 = 0, key: Bool = false, picture: UInt16? = nil
    ) -> PublishedPacket {
        PublishedPacket(
            stream: layer, layer: TrackLayer(spatial: layer, temporal: 0), sequence: sequence,
            timestamp: timestamp, isKeyframe: key,
            picture: picture.map {
                VP8Counters(pictureID: $0, baseLayerIndex: UInt8($0 & 0xFF))
            })
    }

    private let noClocks: [LayerClock?] = [nil, nil, nil]

    @Test("a picture that is not a key picture does not begin a stream")
    func waitsForKeyPicture() {
        var (forwarder, _) = video()
        #expect(forwarder.receive(packet(2, 100), clocks: noClocks, at: .zero) == nil)
        #expect(forwarder.receive(packet(2, 101, key: true), clocks: noClocks, at: .zero) != nil)
        #expect(forwarder.receive(packet(2, 102), clocks: noClocks, at: .zero)?.sequenceNumber == 102)
    }

    @Test("sound begins with any packet")
    func soundBeginsAtOnce() {
        var forwarder = Forwarder(clockRate: 48_000, isOneStream: true, beginsAnywhere: true)
        #expect(forwarder.receive(packet(0, 7), clocks: [nil], at: .zero)?.sequenceNumber == 7)
    }

    @Test("the best layer is wanted, and any key picture starts until it comes")
    func startsLowAndMovesUp() {
        var (forwarder, liveness) = video()
        #expect(forwarder.choose(liveness, at: .zero) == 2)
        #expect(forwarder.receive(packet(0, 10, key: true), clocks: noClocks, at: .zero) != nil)
        #expect(forwarder.current?.spatial == 0)
        #expect(forwarder.choose(liveness, at: .zero) == 2)
        #expect(forwarder.receive(packet(2, 500), clocks: noClocks, at: .zero) == nil)
        let moved = forwarder.receive(packet(2, 501, key: true), clocks: noClocks, at: Self.time(33))
        #expect(moved?.sequenceNumber == 11)
        #expect(forwarder.receive(packet(0, 11), clocks: noClocks, at: Self.time(34)) == nil)
        #expect(forwarder.choose(liveness, at: Self.time(34)) == nil)
    }

    @Test("who waits for a key picture takes one of a smaller size too, and goes back up later")
    func stuckSubscriberTakesSmallerSize() {
        var (forwarder, liveness) = video()
        #expect(forwarder.receive(packet(2, 10, key: true), clocks: noClocks, at: .zero) != nil)
        #expect(forwarder.receive(packet(1, 50, key: true), clocks: noClocks, at: .zero) == nil)
        #expect(!forwarder.awaits(2))
        #expect(forwarder.noteStuck() == 2)
        #expect(forwarder.awaits(2))
        #expect(forwarder.receive(packet(1, 51), clocks: noClocks, at: Self.time(33)) == nil)
        let next = forwarder.receive(packet(1, 52, key: true), clocks: noClocks, at: Self.time(66))
        #expect(next?.sequenceNumber == 11)
        #expect(forwarder.current?.spatial == 1)
        #expect(forwarder.receive(packet(0, 90, key: true), clocks: noClocks, at: Self.time(66)) == nil)
        // The large stream has been silent until the middle one is taken for its successor.
        for step in 0..<20 as Range<Int64> {
            liveness.receive(1, startsFrame: true, at: Self.time(67 + step * 33))
        }
        #expect(forwarder.choose(liveness, at: Self.time(700)) == nil)
        #expect(!forwarder.awaits(2))
        liveness.receive(2, startsFrame: true, at: Self.time(701))
        #expect(forwarder.choose(liveness, at: Self.time(702)) == 2)
        #expect(forwarder.receive(packet(2, 30, key: true), clocks: noClocks, at: Self.time(735)) != nil)
        #expect(forwarder.current?.spatial == 2)
        #expect(forwarder.noteStuck() == 2)
        // A key picture of its own size ends the wait.
        #expect(forwarder.receive(packet(2, 31, key: true), clocks: noClocks, at: Self.time(768)) != nil)
        #expect(forwarder.receive(packet(1, 60, key: true), clocks: noClocks, at: Self.time(768)) == nil)
    }

    @Test(
        "a change of layers keeps the picture counters going",
        arguments: [UInt16(0), 126, 127, 32_766, 32_767])
    func keepsPictureCounters(start: UInt16) {
        var (forwarder, liveness) = video()
        forwarder.prefer(TrackPreference(layer: 0))
        _ = forwarder.choose(liveness, at: .zero)
        let first = forwarder.receive(packet(0, 1, key: true, picture: start), clocks: noClocks, at: .zero)
        #expect(first?.picture?.pictureID == start)
        forwarder.prefer(TrackPreference())
        _ = forwarder.choose(liveness, at: .zero)
        let next = forwarder.receive(
            packet(2, 1, key: true, picture: 9_000), clocks: noClocks, at: Self.time(33))
        #expect(next?.picture?.pictureID == (start + 1) & 0x7FFF)
        #expect(next?.picture?.baseLayerIndex == UInt8(start & 0xFF) &+ 1)
    }

    @Test(
        "sender reports map the timestamps of one layer onto another's",
        arguments: [
            UInt32(0), 1, 32_768, .max - 1_000, .max,
        ])
    func mapsTimestamps(start: UInt32) {
        var (forwarder, liveness) = video()
        let clocks: [LayerClock?] = [
            LayerClock(time: 5_000_000_000, timestamp: start), nil,
            LayerClock(time: 5_100_000_000, timestamp: 777_777),
        ]
        forwarder.prefer(TrackPreference(layer: 0))
        _ = forwarder.choose(liveness, at: .zero)
        _ = forwarder.receive(packet(0, 1, at: start, key: true), clocks: clocks, at: .zero)
        forwarder.prefer(TrackPreference())
        _ = forwarder.choose(liveness, at: .zero)
        // 100 ms after the first picture on the publisher's clock, although it arrives a little later.
        let moved = forwarder.receive(
            packet(2, 1, at: 777_777, key: true), clocks: clocks, at: Self.time(140))
        #expect(moved?.timestamp == start &+ 9_000)
    }

    @Test("without reports the time of arrival has to do")
    func guessesTimestamps() {
        var (forwarder, liveness) = video()
        _ = forwarder.receive(packet(1, 1, at: 1_000, key: true), clocks: noClocks, at: .zero)
        _ = forwarder.choose(liveness, at: .zero)
        let moved = forwarder.receive(packet(2, 1, at: 90, key: true), clocks: noClocks, at: Self.time(100))
        #expect(moved?.timestamp == 10_000)
    }

    @Test("padding leaves no gap")
    func dropsPadding() {
        var (forwarder, _) = video()
        _ = forwarder.receive(packet(2, 1, key: true), clocks: noClocks, at: .zero)
        var padding = packet(2, 2)
        padding.isPadding = true
        #expect(forwarder.receive(padding, clocks: noClocks, at: .zero) == nil)
        #expect(forwarder.receive(packet(2, 3), clocks: noClocks, at: .zero)?.sequenceNumber == 2)
    }

    @Test("after a mute the stream goes on with a key picture and the next number")
    func resumesAfterMute() {
        var (forwarder, liveness) = video()
        _ = forwarder.receive(packet(2, 1, key: true), clocks: noClocks, at: .zero)
        forwarder.mute(true)
        #expect(forwarder.receive(packet(2, 2, key: true), clocks: noClocks, at: .zero) == nil)
        #expect(forwarder.choose(liveness, at: .zero) == nil)
        forwarder.mute(false)
        #expect(forwarder.choose(liveness, at: .zero) == 2)
        #expect(forwarder.receive(packet(2, 50), clocks: noClocks, at: .zero) == nil)
        #expect(forwarder.receive(packet(2, 51, key: true), clocks: noClocks, at: .zero)?.sequenceNumber == 2)
    }

    @Test("a subscriber that wants nothing gets nothing")
    func stopsWhenDisabled() {
        var (forwarder, liveness) = video()
        forwarder.prefer(TrackPreference(isEnabled: false))
        #expect(forwarder.choose(liveness, at: .zero) == nil)
        #expect(forwarder.receive(packet(2, 1, key: true), clocks: noClocks, at: .zero) == nil)
    }

    @Test("a layer that falls silent while a lower one goes on is given up for it")
    func fallsBack() {
        var (forwarder, liveness) = video()
        _ = forwarder.receive(packet(2, 1, key: true), clocks: noClocks, at: .zero)
        for step in 1...20 { liveness.receive(0, startsFrame: true, at: Self.time(Int64(step) * 33)) }
        #expect(forwarder.choose(liveness, at: Self.time(660)) == 0)
        #expect(
            forwarder.receive(packet(0, 900, key: true), clocks: noClocks, at: Self.time(693))?.sequenceNumber
                == 2)
    }

    @Test("a whole track that falls silent keeps its layer")
    func survivesStillness() {
        let (_, liveness) = video()
        #expect(liveness.best(upTo: nil, at: Self.time(60_000)) == 2)
    }
}
