import Foundation
import Synchronization

/// A program of another kind, run by a test, its standard output read line by line.
final class ChildProcess: Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        onLine: @escaping @Sendable (String) -> Void
    ) throws {
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.standardError
        let splitter = LineSplitter(onLine)
        output.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil } else { splitter.take(data) }
        }
        try process.run()
    }

    var processIdentifier: Int32 { process.processIdentifier }

    func write(_ text: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    func interrupt() { process.interrupt() }

    /// Waits for the end; the exit status, or `nil` when it does not end in time.
    func status(within limit: Duration) async -> Int32? {
        let deadline = ContinuousClock.now + limit
        while process.isRunning {
            guard ContinuousClock.now < deadline else { return nil }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return process.terminationStatus
    }

    /// Waits for the end and enforces it.
    func stop(within limit: Duration) async {
        if await status(within: limit) == nil {
            kill(process.processIdentifier, SIGKILL)
            _ = await status(within: .seconds(5))
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}

/// Cuts a stream of bytes into lines.
private final class LineSplitter: Sendable {
    private let pending = Mutex(Data())
    private let onLine: @Sendable (String) -> Void

    init(_ onLine: @escaping @Sendable (String) -> Void) { self.onLine = onLine }

    func take(_ data: Data) {
        let lines = pending.withLock { pending in
            pending.append(data)
            var lines: [String] = []
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: pending[pending.startIndex..<end], as: UTF8.self))
                pending = Data(pending[pending.index(after: end)...])
            }
            return lines
        }
        lines.forEach(onLine)
    }
}

/// What a program has said so far; tests wait for the line they expect.
final class LineLog<Line: Sendable>: Sendable {
    private let lines = Mutex<[Line]>([])

    func append(_ line: Line) { lines.withLock { $0.append(line) } }

    var all: [Line] { lines.withLock { $0 } }

    func first(within limit: Duration, where isWanted: @Sendable (Line) -> Bool) async -> Line? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let line = all.first(where: isWanted) { return line }
            guard ContinuousClock.now < deadline else { return nil }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
