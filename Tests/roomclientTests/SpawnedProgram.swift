import Foundation
import Glibc
import Testing

/// The built program as a process of its own, as people and scripts run it.
final class SpawnedProgram {
    /// What a finished process left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    /// Starts it in an empty folder, with nothing of LiveKit in the environment but what is given.
    init(_ arguments: [String], environment: [String: String] = [:], folder: URL? = nil) throws {
        process.executableURL = try Self.binary()
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LIVEKIT_") }
        variables["DISPLAY"] = nil
        variables["WAYLAND_DISPLAY"] = nil
        process.environment = variables.merging(environment) { $1 }
        process.currentDirectoryURL = try folder ?? Self.makeFolder()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// A test that failed on the way must not leave it running.
    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// `ROOMCLIENT_BINARY`, or the one that was built beside the tests.
    private static func binary() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["ROOMCLIENT_BINARY"] {
            return URL(fileURLWithPath: path)
        }
        let products = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let candidate = products.appendingPathComponent("roomclient")
        try #require(
            FileManager.default.isExecutableFile(atPath: candidate.path),
            "no roomclient beside the tests; build it, or set ROOMCLIENT_BINARY")
        return candidate
    }

    /// A new empty folder.
    static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("roomclient-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the next line on standard output.
    func nextLine() -> String {
        var bytes: [UInt8] = []
        while let byte = (try? output.fileHandleForReading.read(upToCount: 1))?.first, byte != 10 {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The URL in the first line of `serve`.
    func firstURL() -> String? {
        let word = nextLine().split(separator: " ").first { $0.hasPrefix("ws://") }
        return word.map { String($0.last == ":" ? $0.dropLast() : $0) }
    }

    /// Waits for a line on standard output that contains `text`; false when the program ended first.
    func waitForLine(containing text: String) -> Bool {
        while true {
            let line = nextLine()
            if line.isEmpty { return false }
            if line.contains(text) { return true }
        }
    }

    /// Waits for the end.
    func wait() -> Outcome {
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: complaints, as: UTF8.self))
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], folder: URL? = nil
    ) throws -> Outcome {
        try SpawnedProgram(arguments, environment: environment, folder: folder).wait()
    }
}
