import MediaCore

/// How late pictures were in the last while, as shares of all, so that a share of them can be waited for.
///
/// Old pictures count less and less: half as much after `halfLife`. Beyond the last bin everything is
/// equally late.
struct LatenessHistogram: Sendable {
    private static let binCount = 121
    /// Width of a bin.
    static let resolution: Duration = .milliseconds(5)
    private static let halfLife: Duration = .seconds(4)
    /// Pictures in time that are assumed before the first, so that a single late one does not decide.
    private static let assumed = 20.0

    private var bins: [Double]
    private var total: Double
    private var lastUpdate: MonotonicTime?

    /// Makes a histogram of pictures in time.
    init() {
        bins = [Double](repeating: 0, count: Self.binCount)
        bins[0] = Self.assumed
        total = Self.assumed
    }

    /// Counts a picture that was `lateness` later than the fastest.
    mutating func add(_ lateness: Duration, at now: MonotonicTime) {
        fade(to: now)
        let bin = min(
            max(0, lateness.inNanoseconds / Self.resolution.inNanoseconds), Int64(Self.binCount - 1))
        bins[Int(bin)] += 1
        total += 1
    }

    /// The wait that is enough for a share of the pictures: zero when that share is hardly late at all.
    func quantile(_ share: Double) -> Duration {
        var rest = total * share
        for (index, count) in bins.enumerated() {
            guard rest > count else {
                // Within a bin all are taken to lie evenly.
                return index == 0 ? .zero : Self.resolution * (Double(index) + rest / count)
            }
            rest -= count
        }
        return Self.resolution * Self.binCount
    }

    private mutating func fade(to now: MonotonicTime) {
        defer { lastUpdate = max(now, lastUpdate ?? now) }
        guard let lastUpdate, now > lastUpdate else { return }
        let halfLives = (now - lastUpdate).inSeconds / Self.halfLife.inSeconds
        // 2^-x without a library of functions: exact enough for the short times between pictures.
        let factor = 1 / (1 + halfLives * (0.6931 + halfLives * 0.2402))
        for index in bins.indices { bins[index] *= factor }
        total = bins.reduce(0, +)
    }
}
