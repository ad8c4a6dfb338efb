package import Testing

/// Waits until something is so; fails after `limit`.
package func wait(
    for what: String, within limit: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation,
    until isSo: () async -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while await !isSo() {
        try #require(
            ContinuousClock.now < deadline, "waited in vain for \(what)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// Waits until something is so; fails after `limit`, or when the program has ended, with what it said.
package func wait(
    for what: String, of program: SpawnedProgram, within limit: Duration,
    sourceLocation: SourceLocation = #_sourceLocation, until isSo: () async -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while await !isSo() {
        let mayCome = program.isRunning && ContinuousClock.now < deadline
        if !mayCome, await isSo() { return }
        try #require(
            mayCome,
            "no \(what); status \(program.exitStatus.map(String.init) ?? "none yet"):\n\(program.errors)",
            sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}
