import MediaCore

/// What the view has shown: written by the view, read by the statistics.
final class ViewCounters: Sendable {
    /// How often the large picture was another.
    let shown = AtomicNumber()
    /// Size of the canvas; 0 without a view.
    let width = AtomicNumber()
    let height = AtomicNumber()
}
