import Devices
import Foundation
import MediaCore
import RoomKit
import TestSupport
import Testing

/// The window of a spawned client on a virtual display, seen by its pixels and used by its keys.
@Suite("Window of the program", .serialized)
struct WindowTests {
    /// Without a server: a room on this machine with a participant `demo`.
    private static let first = [
        "--no-prompt", "--camera", "pattern", "--microphone", "tone", "--speaker", "none",
    ]
    private static let whole = PixelRect(x: 0, y: 0, width: 1_280, height: 720)
    /// A quarter as wide, 20 pixels from the edges.
    private static let corner = PixelRect(x: 1_280 - 20 - 320, y: 720 - 20 - 180, width: 320, height: 180)

    @Test("the other is large, oneself in the corner, both move; i shows statistics, q leaves")
    func firstCall() async throws {
        try await VirtualDisplay.run { display in
            try await SpawnedClient.run(Self.first, environment: ["DISPLAY": display.name]) { client in
                let window = try await display.window(of: client)
                let before = try await display.expect("both pictures") { Self.showsBoth($0) }
                try await before.save(as: "window.png")
                try await display.expect("both pictures to move") { now in
                    guard let remote = now.number(in: Self.whole), let own = now.number(in: Self.corner)
                    else {
                        return false
                    }
                    return remote != before.number(in: Self.whole) && own != before.number(in: Self.corner)
                }

                try await display.type("i", into: window)
                // The text lies over the timecode of the large picture, and leaves the small one alone.
                try await display.expect("statistics") { now in
                    now.number(in: Self.whole) == nil && now.number(in: Self.corner) != nil
                }
                try await display.type("i", into: window)
                try await display.expect("the picture again") { Self.showsBoth($0) }

                try await display.type("q", into: window)
                try await client.expect(status: 0)
                #expect(client.program.errors.contains("Left the room."))
            }
        }
    }

    @Test("closing the window leaves")
    func closeButton() async throws {
        try await VirtualDisplay.run { display in
            try await SpawnedClient.run(Self.first, environment: ["DISPLAY": display.name]) { client in
                let window = try await display.window(of: client)
                try await display.expect("a picture") { Self.showsBoth($0) }
                try await display.close(window)
                try await client.expect(status: 0)
            }
        }
    }

    @Test("m and v switch microphone and camera off and on, and the others see it")
    func muting() async throws {
        try await TestRoom.run { host in
            try await host.join("other") { _, events in
                try await VirtualDisplay.run { display in
                    let arguments = Self.first + ["--url", host.url, "--token", host.token("person")]
                    try await SpawnedClient.run(arguments, environment: ["DISPLAY": display.name]) { client in
                        let window = try await display.window(of: client)
                        try await events.audio(of: "person")
                        try await events.video(of: "person")
                        for (key, kind) in [("m", TrackKind.audio), ("v", TrackKind.video)] {
                            try await display.type(key, into: window)
                            try await events.expect("\(kind) muted") { event in
                                if case .trackMuted(let track, _) = event {
                                    track.kind == kind ? true : nil
                                } else {
                                    nil
                                }
                            }
                            try await display.type(key, into: window)
                            try await events.expect("\(kind) unmuted") { event in
                                if case .trackUnmuted(let track, _) = event {
                                    track.kind == kind ? true : nil
                                } else {
                                    nil
                                }
                            }
                        }
                        try await display.type("q", into: window)
                        try await client.expect(status: 0)
                    }
                }
            }
        }
    }

    @Test("while nobody shows a picture, a notice in the middle says that we wait")
    func waiting() async throws {
        try await TestRoom.run { host in
            try await VirtualDisplay.run { display in
                let arguments = [
                    "--no-prompt", "--camera", "none", "--microphone", "none", "--speaker", "none",
                    "--url", host.url, "--token", host.token("alone"),
                ]
                try await SpawnedClient.run(arguments, environment: ["DISPLAY": display.name]) { client in
                    _ = try await display.window(of: client)
                    let middle = PixelRect(x: 340, y: 260, width: 600, height: 200)
                    let picture = try await display.expect("the notice") { $0.brightPixels(in: middle) > 400 }
                    #expect(picture.brightPixels(in: middle) < middle.width * middle.height / 4)
                    #expect(picture.brightPixels(in: Self.whole) == picture.brightPixels(in: middle))
                    client.program.send(SIGINT)
                    try await client.expect(status: 0)
                }
            }
        }
    }

    @Test("without a display one sentence says so, and the call goes on; asking for a window is an error")
    func noDisplay() async throws {
        try await SpawnedClient.run(Self.first + ["--stats", "-"]) { client in
            try await client.expect("first_frame") { $0["participant"] == "demo" && $0["kind"] == "video" }
            #expect(client.program.errors.split(separator: "\n").count { $0.contains("display") } == 1)
            client.program.send(SIGINT)
            try await client.expect(status: 0)
        }
        try await SpawnedClient.run(Self.first + ["--view", "window"]) { client in
            try await client.expect(status: 2, within: .seconds(10))
        }
    }

    /// A timecode is readable only within a pixel or two of its place and size.
    private static func showsBoth(_ screen: Screenshot) -> Bool {
        screen.number(in: whole) != nil && screen.number(in: corner) != nil
    }
}
