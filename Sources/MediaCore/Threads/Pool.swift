import Synchronization

/// A bounded stock of idle things to use again.
package final class Pool<Element: Sendable>: Sendable {
    private let shelf = Mutex<[Element]>([])
    private let limit: Int
    private let discard: @Sendable (Element) -> Void

    /// Keeps at most `limit` things; what is over, and what is left at the end, goes to `discard`.
    package init(limit: Int, discard: @escaping @Sendable (Element) -> Void) {
        self.limit = limit
        self.discard = discard
    }

    deinit {
        shelf.withLock { $0.forEach(discard) }
    }

    /// An idle thing, if there is one. Any thread.
    package func take() -> Element? {
        shelf.withLock { $0.popLast() }
    }

    /// Puts a thing back. Any thread.
    package func giveBack(_ element: Element) {
        let isKept = shelf.withLock { shelf in
            guard shelf.count < limit else { return false }
            shelf.append(element)
            return true
        }
        if !isKept { discard(element) }
    }
}
