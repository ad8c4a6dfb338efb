import MediaCore
import Testing

@testable import RoomKit

/// A renderer is only its identity here.
private final class Renderer: Sendable {
    var id: ObjectIdentifier { ObjectIdentifier(self) }
}

@Suite("Sizes at which tracks are drawn")
struct AdaptiveStreamTests {
    private static let small = Dimensions(width: 320, height: 180)
    private static let large = Dimensions(width: 1_280, height: 720)

    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    /// Lets time pass in steps of a millisecond; what was told, and when.
    private static func run(
        _ stream: inout AdaptiveStream, from start: Int64, to end: Int64
    ) -> [(at: Int64, demand: DrawnDemand)] {
        var told: [(at: Int64, demand: DrawnDemand)] = []
        for milliseconds in start...end {
            stream.advance(to: time(milliseconds))
            while let output = stream.nextOutput() { told.append((milliseconds, output.demand)) }
        }
        #expect(stream.nextDeadline.map { $0 > time(end) } ?? true)
        return told
    }

    /// A stream whose one track is drawn by `renderer` at `size`, and told so.
    private static func drawn(_ size: Dimensions?, by renderer: Renderer) -> AdaptiveStream {
        var stream = AdaptiveStream()
        stream.begin("TR_1", at: time(0))
        stream.receive(.added(renderer.id), of: "TR_1", at: time(0))
        stream.receive(.draws(size, renderer.id), of: "TR_1", at: time(0))
        _ = run(&stream, from: 0, to: 1_000)
        return stream
    }

    @Test("what several renderers draw is asked for at the largest width and height")
    func merges() {
        let (first, second) = (Renderer(), Renderer())
        var sizes = DrawnSizes()
        #expect(sizes.demand == .full)
        sizes.receive(.added(first.id))
        #expect(sizes.demand == .full)
        sizes.receive(.draws(Dimensions(width: 100, height: 400), first.id))
        sizes.receive(.draws(Dimensions(width: 300, height: 200), second.id))
        #expect(sizes.demand == .size(Dimensions(width: 300, height: 400)))
        sizes.receive(.draws(nil, first.id))
        #expect(sizes.demand == .size(Dimensions(width: 300, height: 200)))
        sizes.receive(.draws(Dimensions(width: 0, height: 7), second.id))
        #expect(sizes.demand == .hidden)
        // A recorder wants everything.
        let third = Renderer()
        sizes.receive(.added(third.id))
        #expect(sizes.demand == .full)
        sizes.receive(.removed(third.id))
        #expect(sizes.demand == .hidden)
    }

    @Test("a new track that nobody draws at a size is asked for in full, after a moment")
    func fullByDefault() {
        var stream = AdaptiveStream()
        stream.begin("TR_1", at: Self.time(0))
        let told = Self.run(&stream, from: 0, to: 2_000)
        #expect(told.map(\.at) == [200])
        #expect(told.map(\.demand) == [.full])
    }

    @Test("the first size is told at once")
    func firstSize() {
        let renderer = Renderer()
        var stream = AdaptiveStream()
        stream.begin("TR_1", at: Self.time(0))
        stream.receive(.added(renderer.id), of: "TR_1", at: Self.time(10))
        stream.receive(.draws(Self.small, renderer.id), of: "TR_1", at: Self.time(20))
        let told = Self.run(&stream, from: 20, to: 2_000)
        #expect(told.map(\.at) == [20])
        #expect(told.map(\.demand) == [.size(Self.small)])
    }

    @Test(
        "coming into view is told at once, growing soon, shrinking and hiding later",
        arguments: [
            (nil, Self.small, 2_000), (Self.small, Self.large, 2_100), (Self.large, Self.small, 2_500),
            (Self.small, nil, 2_500),
        ] as [(Dimensions?, Dimensions?, Int64)])
    func waits(old: Dimensions?, new: Dimensions?, told: Int64) {
        let renderer = Renderer()
        var stream = Self.drawn(old, by: renderer)
        stream.receive(.draws(new, renderer.id), of: "TR_1", at: Self.time(2_000))
        let outputs = Self.run(&stream, from: 2_000, to: 4_000)
        #expect(outputs.map(\.at) == [told])
        #expect(outputs.map(\.demand) == [new.map { .size($0) } ?? .hidden])
    }

    @Test("what is taken back in time is not told")
    func flicker() {
        let renderer = Renderer()
        var stream = Self.drawn(Self.large, by: renderer)
        stream.receive(.draws(nil, renderer.id), of: "TR_1", at: Self.time(2_000))
        #expect(Self.run(&stream, from: 2_000, to: 2_400).isEmpty)
        stream.receive(.draws(Self.large, renderer.id), of: "TR_1", at: Self.time(2_400))
        #expect(Self.run(&stream, from: 2_400, to: 5_000).isEmpty)
    }

    @Test("a window that is resized for long is followed once a second")
    func resizing() {
        let renderer = Renderer()
        var stream = Self.drawn(Self.large, by: renderer)
        var told: [Int64] = []
        for step in 0..<150 as Range<Int64> {
            let now = 2_000 + step * 20
            let size = Dimensions(width: 1_279 - Int(step), height: 719 - Int(step))
            stream.receive(.draws(size, renderer.id), of: "TR_1", at: Self.time(now))
            told += Self.run(&stream, from: now, to: now + 19).map(\.at)
        }
        #expect(told == [3_000, 4_020])
    }

    @Test("tracks do not disturb each other, and one that ended is not told of")
    func several() {
        let renderer = Renderer()
        var stream = AdaptiveStream()
        for sid in ["TR_1", "TR_2", "TR_3"] {
            stream.begin(sid, at: Self.time(0))
            stream.receive(.draws(sid == "TR_2" ? Self.large : nil, renderer.id), of: sid, at: Self.time(0))
        }
        stream.end("TR_3")
        stream.advance(to: Self.time(1_000))
        var told: [String: DrawnDemand] = [:]
        while let output = stream.nextOutput() { told[output.sid] = output.demand }
        #expect(told == ["TR_1": .hidden, "TR_2": .size(Self.large)])
        #expect(stream.nextDeadline == nil)
    }

    @Test("the server is told the drawn size, unless the program asks for something else")
    func messages() {
        var settings = TrackSettings()
        var message = settings.message(sid: "TR_1", drawn: .size(Self.small))
        #expect((message.width, message.height, message.disabled) == (320, 180, false))
        #expect(message.trackSids == ["TR_1"])
        #expect(settings.message(sid: "TR_1", drawn: .hidden).disabled)
        settings.quality = .medium
        message = settings.message(sid: "TR_1", drawn: .size(Self.small))
        #expect((message.width, message.height, message.quality) == (0, 0, .medium))
        settings.dimensions = Self.large
        settings.framesPerSecond = 15
        message = settings.message(sid: "TR_1", drawn: .size(Self.small))
        #expect((message.width, message.height, message.fps) == (1_280, 720, 15))
        #expect(settings.message(sid: "TR_1", drawn: .hidden).disabled)
        settings.isEnabled = false
        #expect(settings.message(sid: "TR_1", drawn: .full).disabled)
    }
}
