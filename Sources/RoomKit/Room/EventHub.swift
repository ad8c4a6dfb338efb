internal import MediaCore

/// Hands every event to everybody who listens.
final class EventHub: Sendable {
    /// One listener's stream and how many events it has missed.
    fileprivate final class Subscriber: Sendable {
        let continuation: AsyncStream<RoomEvent>.Continuation
        let lost = AtomicNumber()

        init(_ continuation: AsyncStream<RoomEvent>.Continuation) { self.continuation = continuation }

        func yield(_ event: RoomEvent) {
            let missed = lost.value
            if missed > 0, case .enqueued = continuation.yield(.lagged(count: missed)) { lost.value = 0 }
            if case .dropped = continuation.yield(event) { lost.add(1) }
        }
    }

    private let subscribers = SinkList<Subscriber>()

    /// A new listener, from this moment on.
    func subscribe() -> AsyncStream<RoomEvent> {
        // Oldest out first: a reader that does not keep up learns from `.lagged` how many it missed.
        let (stream, continuation) = AsyncStream<RoomEvent>.makeStream(
            bufferingPolicy: .bufferingNewest(1_024))
        let subscriber = Subscriber(continuation)
        let id = ObjectIdentifier(subscriber)
        subscribers.add(subscriber, id: id)
        continuation.onTermination = { [subscribers] _ in subscribers.remove(id: id) }
        return stream
    }

    /// Tells everybody.
    func publish(_ event: RoomEvent) {
        var snapshot = SinkList<Subscriber>.Snapshot()
        subscribers.refresh(&snapshot)
        for subscriber in snapshot.sinks { subscriber.yield(event) }
    }
}
