/// Packets that wait, first in, first out.
struct PacerQueue: Sendable {
    private var items: [Pacer.Item] = []
    /// Waiting items begin here; those before have left.
    private var head = 0
    /// Bytes that wait.
    private(set) var byteCount = 0

    /// Packets that wait.
    var count: Int { items.count - head }

    /// Makes room for `capacity` packets in advance.
    mutating func reserve(_ capacity: Int) {
        items.reserveCapacity(capacity * 2)
    }

    mutating func append(_ item: Pacer.Item) {
        if head > 0, items.count == items.capacity { compact() }
        items.append(item)
        byteCount += item.byteCount
    }

    mutating func removeFirst() -> Pacer.Item? {
        guard head < items.count else { return nil }
        let item = items[head]
        head += 1
        byteCount -= item.byteCount
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        }
        return item
    }

    mutating func removeAll(where isGone: (_ stream: Int) -> Bool) {
        compact()
        items.removeAll { isGone($0.stream) }
        byteCount = items.reduce(0) { $0 + $1.byteCount }
    }

    private mutating func compact() {
        items.removeFirst(head)
        head = 0
    }
}
