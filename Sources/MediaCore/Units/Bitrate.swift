/// A rate of data, in bits per second.
public struct Bitrate: Hashable, Comparable, Sendable {
    /// Bits per second, never negative.
    public var bitsPerSecond: Int

    /// Makes a rate from bits per second.
    public init(bitsPerSecond: Int) {
        self.bitsPerSecond = max(0, bitsPerSecond)
    }

    /// Makes a rate from kilobits (1,000 bits) per second.
    public static func kilobits(_ value: Int) -> Bitrate { Bitrate(bitsPerSecond: value * 1_000) }

    /// Whole kilobits per second.
    public var kilobitsPerSecond: Int { bitsPerSecond / 1_000 }

    /// No data at all.
    public static let zero = Bitrate(bitsPerSecond: 0)

    public static func < (left: Bitrate, right: Bitrate) -> Bool { left.bitsPerSecond < right.bitsPerSecond }

    public static func * (rate: Bitrate, factor: Double) -> Bitrate {
        let product = Double(rate.bitsPerSecond) * factor
        // Factors are quotients of what the network says: neither infinity nor 0/0 may stop the process.
        return Bitrate(bitsPerSecond: product.isNaN ? 0 : Int(min(max(product, 0), 1e15)))
    }

    public static func + (left: Bitrate, right: Bitrate) -> Bitrate {
        let (sum, isTooMuch) = left.bitsPerSecond.addingReportingOverflow(right.bitsPerSecond)
        return Bitrate(bitsPerSecond: isTooMuch ? .max : sum)
    }

    /// How many bytes this rate carries in `span`.
    package func bytes(in span: Duration) -> Int {
        Int(Double(bitsPerSecond) / 8 * span.inSeconds)
    }

    /// How long `bytes` take at this rate; a very long time at rate zero.
    package func time(for bytes: Int) -> Duration {
        guard bitsPerSecond > 0 else { return .seconds(3_600) }
        return .nanoseconds(Int64(Double(bytes) * 8e9 / Double(bitsPerSecond)))
    }
}
