import Synchronization

/// A bounded lock-free queue between exactly one writing and one reading thread: for audio.
///
/// Slots are inline, so neither side allocates. When it is full the new element is refused, and the writer counts it.
package final class SPSCRing<Element: ~Copyable>: Sendable {
    // SAFETY: a slot belongs to the writer before `head` passes it and to the reader until `tail` does.
    private nonisolated(unsafe) let slots: UnsafeMutablePointer<Element>
    private let mask: Int
    /// Elements ever written; only the writer changes it.
    private let head = Atomic<Int>(0)
    /// Elements ever read; only the reader changes it.
    private let tail = Atomic<Int>(0)

    /// Makes a ring of at least `capacity` slots (rounded up to a power of two).
    package init(capacity: Int) {
        var size = 2
        while size < capacity { size *= 2 }
        slots = .allocate(capacity: size)
        mask = size - 1
    }

    deinit {
        var index = tail.load(ordering: .acquiring)
        while index != head.load(ordering: .acquiring) {
            (slots + (index & mask)).deinitialize(count: 1)
            index += 1
        }
        slots.deallocate()
    }

    /// Adds an element; false when the ring is full and the element is gone. The writing thread only.
    package func append(_ element: consuming Element) -> Bool {
        let index = head.load(ordering: .relaxed)
        guard index - tail.load(ordering: .acquiring) <= mask else { return false }
        (slots + (index & mask)).initialize(to: element)
        head.store(index + 1, ordering: .releasing)
        return true
    }

    /// Takes the oldest element. The reading thread only.
    package func next() -> Element? {
        let index = tail.load(ordering: .relaxed)
        guard index != head.load(ordering: .acquiring) else { return nil }
        let element = (slots + (index & mask)).move()
        tail.store(index + 1, ordering: .releasing)
        return element
    }

    /// How many elements wait. Exact only on the two threads that use the ring.
    package var count: Int {
        head.load(ordering: .acquiring) - tail.load(ordering: .acquiring)
    }
}
