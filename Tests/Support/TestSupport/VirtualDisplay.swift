import Foundation
package import Testing

/// An X server without a screen, on a display of its own, and somebody who types.
package struct VirtualDisplay: Sendable {
    private static let (width, height) = (1_280, 720)

    /// What `DISPLAY` is to be.
    package let name: String
    private var environment: [String: String] { ["DISPLAY": name] }

    /// Runs `body` with a display; the server chooses a free number and says it when it is ready.
    package static func run(_ body: (VirtualDisplay) async throws -> Void) async throws {
        let screen = "\(width)x\(height)x24"
        // Without -noreset it starts anew, and drops who is just connecting, whenever its last client has gone.
        let arguments = ["Xvfb", "-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
        try await SpawnedProgram.run(arguments) { server in
            try await wait(for: "display", of: server, within: .seconds(10)) { server.output.hasSuffix("\n") }
            let number = server.output.trimmingCharacters(in: .whitespacesAndNewlines)
            try await body(VirtualDisplay(name: ":\(number)"))
        }
    }

    /// The window of a client, when it is there to be seen.
    package func window(
        of client: SpawnedClient, within limit: Duration = .seconds(15)
    ) async throws -> String {
        var id = ""
        try await wait(for: "window", of: client.program, within: limit) {
            id = (try? await xdotool("search", "--onlyvisible", "--name", "^roomclient$")) ?? ""
            return !id.isEmpty
        }
        return id.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// Types keys into a window.
    package func type(_ keys: String..., into window: String) async throws {
        _ = try await xdotool(["windowfocus", "--sync", window])
        for key in keys { _ = try await xdotool(["key", key]) }
    }

    /// Closes a window as its close button does: it is asked to go.
    package func close(_ window: String) async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "close_window.py").path
        try await SpawnedProgram.run(["python3", script, window], environment: environment) { program in
            let status = await program.status(within: .seconds(5))
            try #require(status == 0, "\(program.errors)")
        }
    }

    /// What is on the screen now.
    package func screenshot() async throws -> Screenshot {
        try await SpawnedProgram.run(
            ["import", "-window", "root", "-depth", "8", "ppm:screen"], environment: environment
        ) {
            program in
            #expect(await program.status(within: .seconds(10)) == 0)
            let file = try Data(contentsOf: program.folder.appending(path: "screen"))
            return try #require(Screenshot(ppm: [UInt8](file)))
        }
    }

    /// A screenshot that satisfies; fails after `limit`.
    @discardableResult
    package func expect(
        _ what: String, within limit: Duration = .seconds(15),
        sourceLocation: SourceLocation = #_sourceLocation,
        where isWanted: (Screenshot) -> Bool
    ) async throws -> Screenshot {
        var found: Screenshot?
        try await wait(for: what, within: limit, sourceLocation: sourceLocation) {
            guard let screenshot = try? await screenshot() else { return false }
            found = screenshot
            return isWanted(screenshot)
        }
        return try #require(found, sourceLocation: sourceLocation)
    }

    private func xdotool(_ arguments: String...) async throws -> String { try await xdotool(arguments) }

    private func xdotool(_ arguments: [String]) async throws -> String {
        try await SpawnedProgram.run(["xdotool"] + arguments, environment: environment) { program in
            _ = await program.status(within: .seconds(5))
            return program.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
