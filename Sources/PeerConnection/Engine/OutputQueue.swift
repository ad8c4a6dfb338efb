/// A queue of things that cannot be copied, in a ring that grows when it is full and never shrinks.
struct OutputQueue<Element: ~Copyable>: ~Copyable {
    private var slots: UnsafeMutablePointer<Element>
    private var capacity: Int
    /// Index of the oldest element.
    private var head = 0
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = max(2, capacity)
        slots = .allocate(capacity: self.capacity)
    }

    deinit {
        for index in 0..<count { (slots + (head + index) % capacity).deinitialize(count: 1) }
        slots.deallocate()
    }

    /// Puts an element behind the others.
    mutating func append(_ element: consuming Element) {
        if count == capacity { grow() }
        (slots + (head + count) % capacity).initialize(to: element)
        count += 1
    }

    /// Takes the oldest element.
    mutating func next() -> Element? {
        guard count > 0 else { return nil }
        let element = (slots + head).move()
        head = (head + 1) % capacity
        count -= 1
        return element
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        for index in 0..<count {
            (larger + index).initialize(to: (slots + (head + index) % capacity).move())
        }
        slots.deallocate()
        slots = larger
        capacity *= 2
        head = 0
    }
}
