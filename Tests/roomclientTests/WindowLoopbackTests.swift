import Foundation
import Glibc
import Testing

/// The window as a person sees it, of a spawned program on a virtual screen.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WindowLoopbackTests {
    @Test("demo is seen large and we in the corner; keys switch the camera off, show the help, and leave")
    func pictureInPicture() throws {
        let display = try VirtualDisplay()
        defer { display.close() }
        let program = try SpawnedProgram(
            [
                "--no-prompt", "--camera", "pattern", "--camera-size", "640x480", "--microphone", "none",
                "--speaker", "none",
            ],
            environment: ["DISPLAY": display.name])
        try display.waitUntil("both pictures") {
            $0.showsBars(x: 0, y: 0, width: 1_280, height: 720)
                && $0.showsBars(x: 940, y: 460, width: 320, height: 240)
        }
        // The edge of the corner: red of the large picture outside, gray and yellow bars inside.
        let shot = try display.screenshot()
        #expect(shot.isRed(x: 930, y: 480) && !shot.isRed(x: 950, y: 480))
        #expect(shot.isRed(x: 1_000, y: 450) && !shot.isRed(x: 1_000, y: 480))
        try display.type("v")
        try display.waitUntil("the large picture alone") {
            $0.showsBars(x: 0, y: 0, width: 1_280, height: 720)
                && !$0.showsBars(x: 940, y: 460, width: 320, height: 240)
        }
        let before = try display.screenshot().whitePixels(x: 10..<200, y: 40..<300)
        try display.type("question")
        try display.waitUntil("the help") { $0.whitePixels(x: 10..<200, y: 40..<300) > before + 300 }
        let begin = Date()
        try display.type("q")
        let outcome = program.wait()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(Date().timeIntervalSince(begin) < 2.5)
    }

    @Test(
        "alone without a camera there is a notice; a guest fills the window, but not when frozen or gone"
    )
    func notice() throws {
        let display = try VirtualDisplay()
        defer { display.close() }
        let server = try SpawnedProgram(["serve", "--port", "0"])
        defer {
            server.send(SIGTERM)
            _ = server.wait()
        }
        let url = try #require(server.firstURL())
        let join = [
            "--url", url, "--api-key", "devkey", "--api-secret", "secret", "--no-prompt", "--speaker", "none",
        ]
        let viewer = try SpawnedProgram(
            join + ["--camera", "none", "--microphone", "none", "--view", "window"],
            environment: ["DISPLAY": display.name])
        try display.waitUntil("the notice") { shot in
            shot.whitePixels(x: 400..<880, y: 300..<420) > 500 && shot.pixel(x: 100, y: 100) == [0, 0, 0]
        }
        let guest = try SpawnedProgram(
            join + [
                "--camera", "pattern", "--camera-size", "640x360", "--microphone", "none", "--view", "none",
            ])
        try display.waitUntil("the guest") { $0.showsBars(x: 0, y: 0, width: 1_280, height: 720) }
        // A guest who hangs is no frozen picture, and is back with the next one.
        guest.send(SIGSTOP)
        try display.waitUntil("the notice instead of a frozen picture") {
            $0.pixel(x: 100, y: 100) == [0, 0, 0]
        }
        guest.send(SIGCONT)
        try display.waitUntil("the guest again") { $0.showsBars(x: 0, y: 0, width: 1_280, height: 720) }
        guest.send(SIGTERM)
        #expect(guest.wait().status == 0)
        try display.waitUntil("the notice again") { $0.pixel(x: 100, y: 100) == [0, 0, 0] }
        viewer.send(SIGTERM)
        #expect(viewer.wait().status == 0)
    }
}
