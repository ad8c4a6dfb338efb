/// Knows which packets of a stream come behind newer ones: repeats, and those that were overtaken.
struct ArrivalOrder: Sendable {
    private var newest: Int64?

    /// Takes the extended number of a packet; answers whether newer ones came before it.
    mutating func receive(_ sequence: Int64) -> Bool {
        let before = newest ?? sequence
        newest = max(before, sequence)
        return sequence < before
    }
}
