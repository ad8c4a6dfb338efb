import Testing

/// Waits until something is so; fails after `limit`.
func wait(
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
