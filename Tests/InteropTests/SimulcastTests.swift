import Devices
import MediaCore
import RoomKit
import TestSupport
import Testing

/// What we publish in several sizes, as the Python SDK gets it through the embedded room.
@Suite("Interop: the sizes we send", .serialized)
struct SimulcastTests {
    private static func publish(in room: Room, _ options: VideoPublishOptions = VideoPublishOptions())
        async throws
    {
        let pattern = TestPatternSource(format: VideoFormat(width: 1_280, height: 720, framesPerSecond: 30))
        try await room.localParticipant.publish(
            videoTrack: LocalVideoTrack(source: pattern), options: options)
    }

    /// The layers of the track of pictures, by whether they are sent.
    private static func activity(of room: Room) async -> [String: Bool] {
        let statistics = await room.statistics()
        let layers = statistics.sending.first { $0.kind == .video }?.layers ?? []
        return Dictionary(layers.map { ($0.rid, $0.isActive) }) { first, _ in first }
    }

    @Test(
        "a subscriber who asks for less gets a smaller picture, and the whole one when he asks again",
        arguments: ["single", "dual"])
    func quality(shape: String) async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                try await Self.publish(in: room)
                try await host.joinPython("python", ["--shape", shape]) { peer in
                    try await peer.expect("video") { $0[number: "width"] == 1_280 }
                    peer.tell("quality low")
                    try await peer.expect("video") { $0[number: "width"] == 320 }
                    peer.tell("quality medium")
                    try await peer.expect("video") { $0[number: "width"] == 640 }
                    let before = peer.lines.all.count
                    peer.tell("quality high")
                    try await wait(for: "the whole picture") {
                        peer.lines.all.dropFirst(before).contains { $0[number: "width"] == 1_280 }
                    }
                }
            }
        }
    }

    @Test("each size is sent with its name and its numbers")
    func layers() async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                try await Self.publish(in: room)
                try await host.joinPython("python", []) { peer in
                    try await peer.expect("video") { ($0[number: "frames"] ?? 0) >= 60 }
                    let statistics = await room.statistics()
                    let track = try #require(statistics.sending.first { $0.kind == .video })
                    #expect(track.layers.map(\.rid) == ["q", "h", "f"])
                    #expect(track.layers.map(\.width) == [320, 640, 1_280])
                    #expect(track.layers.allSatisfy { $0.isActive && $0.frames > 30 && $0.bytes > 0 })
                    #expect((track.width, track.height) == (1_280, 720))
                }
            }
        }
    }

    @Test("without simulcast there is one size without a name")
    func single() async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                var options = VideoPublishOptions()
                options.simulcast = false
                try await Self.publish(in: room, options)
                try await host.joinPython("python", []) { peer in
                    try await peer.expect("video") { $0[number: "width"] == 1_280 }
                    #expect(await Self.activity(of: room) == ["": true])
                }
            }
        }
    }

    @Test(
        "sizes that nobody watches are not encoded, nothing is when nobody watches, and all come back at once"
    )
    func dynacast() async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                try await Self.publish(in: room)
                try await host.joinPython("python", []) { peer in
                    try await peer.expect("video") { $0[number: "width"] == 1_280 }
                    peer.tell("quality low")
                    try await wait(for: "only the smallest size", within: .seconds(30)) {
                        await Self.activity(of: room) == ["q": true, "h": false, "f": false]
                    }
                    peer.tell("subscribe no")
                    try await wait(for: "nothing to be encoded", within: .seconds(30)) {
                        await Self.activity(of: room) == ["q": false, "h": false, "f": false]
                    }
                    peer.tell("subscribe yes")
                    try await wait(for: "something to be encoded") {
                        await Self.activity(of: room).values.contains(true)
                    }
                    peer.tell("quality high")
                    try await wait(for: "all sizes") {
                        await Self.activity(of: room) == ["q": true, "h": true, "f": true]
                    }
                    try await peer.expect("video") { $0[number: "width"] == 1_280 }
                }
            }
        }
    }
}
