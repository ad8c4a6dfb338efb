import Synchronization

/// Who listens to a stream of frames: changed by a program, read by the thread that delivers.
///
/// The delivering thread keeps a copy and refreshes it without waiting, so an audio thread may use it.
package final class SinkList<Sink: Sendable>: Sendable {
    private struct State {
        var sinks: [(id: ObjectIdentifier, sink: Sink)] = []
        var version = 0
    }

    /// The reader's copy.
    package struct Snapshot {
        /// Who listens.
        package var sinks: [Sink] = []
        fileprivate var version = -1

        /// Makes an empty copy; the first refresh fills it.
        package init() {}
    }

    private let state = Mutex(State())

    /// Makes a list nobody is in.
    package init() {}

    /// Adds a listener, once. Any thread.
    package func add(_ sink: Sink, id: ObjectIdentifier) {
        state.withLock { state in
            guard !state.sinks.contains(where: { $0.id == id }) else { return }
            state.sinks.append((id, sink))
            state.version += 1
        }
    }

    /// Removes a listener; it may still get the frame being delivered. Any thread.
    package func remove(id: ObjectIdentifier) {
        state.withLock { state in
            state.sinks.removeAll { $0.id == id }
            state.version += 1
        }
    }

    /// Brings the copy up to date unless somebody is changing the list this very moment. Never waits.
    package func refresh(_ snapshot: inout Snapshot) {
        let version = snapshot.version
        let fresh = state.withLockIfAvailable { state in
            state.version == version ? nil : (state.sinks.map(\.sink), state.version)
        }
        guard let fresh, let (sinks, newVersion) = fresh else { return }
        snapshot.sinks = sinks
        snapshot.version = newVersion
    }
}
