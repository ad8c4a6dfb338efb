import Foundation
import Glibc
import Testing

/// An X server without a screen, and the tools to look at it and to type.
struct VirtualDisplay {
    static let width = 1_400
    static let height = 900

    private let server = Process()
    /// What DISPLAY is to be.
    let name: String

    /// Starts it on a free number.
    init() throws {
        let number = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/Xvfb")
        server.arguments = ["-displayfd", "1", "-screen", "0", "\(Self.width)x\(Self.height)x24", "-noreset"]
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = number
        server.standardError = FileHandle.nullDevice
        try server.run()
        var digits = ""
        while let byte = try number.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
            digits.unicodeScalars.append(Unicode.Scalar(byte))
        }
        try #require(Int(digits) != nil, "Xvfb did not start")
        name = ":" + digits
    }

    /// Ends it.
    func close() {
        // Foundation starts processes with SIGTERM blocked, and Xvfb leaves it so.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
    }

    /// What is on the screen now.
    func screenshot() throws -> Screenshot {
        let bytes = try run("/usr/bin/import", ["-display", name, "-window", "root", "-depth", "8", "rgb:-"])
        try #require(bytes.count == Self.width * Self.height * 3)
        return Screenshot(bytes: Array(bytes))
    }

    /// Waits until the screen shows something; fails after 20 seconds.
    func waitUntil(_ what: String, _ isShown: (Screenshot) -> Bool) throws {
        let limit = Date(timeIntervalSinceNow: 20)
        while Date() < limit {
            if isShown(try screenshot()) { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        try #require(Bool(false), "not shown within 20 seconds: \(what)")
    }

    /// Types a key into the window.
    func type(_ key: String) throws {
        _ = try run("/usr/bin/xdotool", ["search", "--name", "roomclient", "windowfocus", "key", key])
    }

    private func run(_ path: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["DISPLAY"] = name
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes
    }
}

/// The pixels of a screen.
struct Screenshot: CustomTestStringConvertible {
    let bytes: [UInt8]

    /// Red, green, blue.
    func pixel(x: Int, y: Int) -> [Int] {
        let start = (y * VirtualDisplay.width + x) * 3
        return bytes[start..<start + 3].map(Int.init)
    }

    var testDescription: String { "a screenshot" }

    /// Whether a pixel is of the red of the test picture.
    func isRed(x: Int, y: Int) -> Bool {
        let color = pixel(x: x, y: y)
        return color[0] > 150 && color[1] < 40 && color[2] < 40
    }

    /// Whether the seven bars of the test picture are seen where a picture of this place and size would
    /// have them.
    func showsBars(x: Int, y: Int, width: Int, height: Int) -> Bool {
        let bars = [[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1]]
        return bars.enumerated().allSatisfy { index, bar in
            let color = pixel(x: x + (2 * index + 1) * width / 14, y: y + height / 10)
            return zip(color, bar).allSatisfy { abs($0 - $1 * 191) < 30 }
        }
    }

    /// How many pixels of a rectangle are nearly white.
    func whitePixels(x: Range<Int>, y: Range<Int>) -> Int {
        y.reduce(0) { sum, row in sum + x.count { pixel(x: $0, y: row).allSatisfy { $0 > 200 } } }
    }
}
