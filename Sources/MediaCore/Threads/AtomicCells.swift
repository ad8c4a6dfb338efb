import Synchronization

/// A yes or no that several threads read and write.
package final class AtomicFlag: Sendable {
    private let value: Atomic<Bool>

    /// Makes a flag.
    package init(_ isSet: Bool = false) { value = Atomic(isSet) }

    /// The flag; setting it publishes everything written before.
    package var isSet: Bool {
        get { value.load(ordering: .acquiring) }
        set { value.store(newValue, ordering: .releasing) }
    }

    /// Reads the flag and clears it in one step.
    package func take() -> Bool { value.exchange(false, ordering: .acquiringAndReleasing) }
}

/// A number that several threads read and write: a counter, a bitrate, a volume in thousandths.
package final class AtomicNumber: Sendable {
    private let number: Atomic<Int>

    /// Makes a number.
    package init(_ value: Int = 0) { number = Atomic(value) }

    /// The number.
    package var value: Int {
        get { number.load(ordering: .relaxed) }
        set { number.store(newValue, ordering: .relaxed) }
    }

    /// Adds to the number, wrapping.
    package func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
}
