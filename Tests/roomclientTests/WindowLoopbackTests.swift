import Devices
import Glibc
import TestSupport
import Testing

/// What the window shows, of a spawned program on a virtual screen.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct WindowLoopbackTests {
    private static let whole = PixelRect(x: 0, y: 0, width: 1_280, height: 720)
    private static let corner = PixelRect(x: 940, y: 460, width: 320, height: 240)

    @Test("we are in the corner of demo's picture; keys switch the camera off, show the help, and leave")
    func pictureInPicture() async throws {
        let arguments = [
            "--no-prompt", "--camera", "pattern", "--camera-size", "640x480", "--microphone", "none",
            "--speaker", "none",
        ]
        try await VirtualDisplay.run { display in
            try await SpawnedClient.run(arguments, environment: ["DISPLAY": display.name]) { client in
                let window = try await display.window(of: client)
                let shot = try await display.expect("both pictures") {
                    $0.showsBars(in: Self.whole) && $0.showsBars(in: Self.corner)
                }
                // The edge of the corner: red of the large picture outside, gray and yellow bars inside.
                #expect(shot.isRed(x: 930, y: 480) && !shot.isRed(x: 950, y: 480))
                #expect(shot.isRed(x: 1_000, y: 450) && !shot.isRed(x: 1_000, y: 480))
                try await display.type("v", into: window)
                let alone = try await display.expect("the large picture alone") {
                    $0.showsBars(in: Self.whole) && !$0.showsBars(in: Self.corner)
                }
                let before = alone.whitePixels(x: 10..<200, y: 40..<300)
                try await display.type("question", into: window)
                try await display.expect("the help") {
                    $0.whitePixels(x: 10..<200, y: 40..<300) > before + 300
                }
                try await display.type("q", into: window)
                try await client.expect(status: 0)
            }
        }
    }

    @Test(
        "alone without a camera there is a notice; a guest fills the window, but not when frozen or gone"
    )
    func notice() async throws {
        try await SpawnedClient.serving { _, join in
            try await VirtualDisplay.run { display in
                let watch = join + ["--view", "window"]
                try await SpawnedClient.run(watch, environment: ["DISPLAY": display.name]) { viewer in
                    try await display.expect("the notice") { shot in
                        shot.whitePixels(x: 400..<880, y: 300..<420) > 500
                            && shot.color(x: 100, y: 100) == [0, 0, 0]
                    }
                    try await guestComesAndGoes(join, seenOn: display)
                    viewer.program.send(SIGTERM)
                    try await viewer.expect(status: 0)
                }
            }
        }
    }

    private func guestComesAndGoes(_ join: [String], seenOn display: VirtualDisplay) async throws {
        let arguments = join + ["--camera", "pattern", "--camera-size", "640x360"]
        try await SpawnedClient.run(arguments) { guest in
            try await display.expect("the guest") { $0.showsBars(in: Self.whole) }
            // A guest who hangs is no frozen picture, and is back with the next one.
            guest.program.send(SIGSTOP)
            try await display.expect("the notice instead of a frozen picture", within: .seconds(20)) {
                $0.color(x: 100, y: 100) == [0, 0, 0]
            }
            guest.program.send(SIGCONT)
            try await display.expect("the guest again", within: .seconds(20)) {
                $0.showsBars(in: Self.whole)
            }
            guest.program.send(SIGTERM)
            #expect(try await guest.outcome().status == 0)
            try await display.expect("the notice again") { $0.color(x: 100, y: 100) == [0, 0, 0] }
        }
    }
}

extension Screenshot {
    /// Whether a pixel is of the red of the test picture.
    fileprivate func isRed(x: Int, y: Int) -> Bool {
        let color = self.color(x: x, y: y)
        return color[0] > 150 && color[1] < 40 && color[2] < 40
    }

    /// Whether the seven bars of the test picture are seen where a picture of this place and size would
    /// have them.
    fileprivate func showsBars(in rect: PixelRect) -> Bool {
        let bars = [[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1]]
        return bars.enumerated().allSatisfy { index, bar in
            let color = self.color(
                x: rect.x + (2 * index + 1) * rect.width / 14, y: rect.y + rect.height / 10)
            return zip(color, bar).allSatisfy { abs($0 - $1 * 191) < 30 }
        }
    }

    /// How many pixels of a rectangle are nearly white.
    fileprivate func whitePixels(x: Range<Int>, y: Range<Int>) -> Int {
        y.reduce(0) { sum, row in sum + x.count { color(x: $0, y: row).allSatisfy { $0 > 200 } } }
    }
}
