/// Extends 16-bit sequence numbers to 64 bits (RFC 3550 §A.1), so that they can be compared and subtracted.
///
/// Each number becomes the value nearest to the highest one so far; the first value `v` becomes `v +
/// 65_536`, which leaves room for older packets that arrive late.
package struct SequenceUnwrapper: Sendable {
    private var highest: Int64?

    /// Makes an unwrapper that has seen nothing.
    package init() {}

    /// The extended number of `number`.
    package mutating func unwrap(_ number: UInt16) -> Int64 {
        guard let reference = highest else {
            let first = Int64(number) + 65_536
            highest = first
            return first
        }
        let distance = Int16(bitPattern: number &- UInt16(truncatingIfNeeded: reference))
        let value = reference &+ Int64(distance)
        highest = max(reference, value)
        return value
    }
}
