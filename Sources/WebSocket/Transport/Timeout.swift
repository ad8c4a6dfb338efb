/// Runs `operation`; when it takes longer than `limit`, cancels it and throws `.timedOut(place)`.
package func withTimeout<Result: Sendable>(
    _ limit: Duration, for place: String,
    _ operation: @escaping @Sendable () async throws(WebSocketError) -> Result
) async throws(WebSocketError) -> Result {
    let winner = await withTaskGroup(of: Swift.Result<Result, WebSocketError>.self) { group in
        group.addTask {
            do throws(WebSocketError) {
                return .success(try await operation())
            } catch {
                return .failure(error)
            }
        }
        group.addTask {
            do {
                try await Task.sleep(for: limit)
                return .failure(.timedOut(place))
            } catch {
                return .failure(.cancelled)
            }
        }
        let first = await group.next() ?? .failure(.cancelled)
        group.cancelAll()
        return first
    }
    return try winner.get()
}
