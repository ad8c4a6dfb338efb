package import MediaCore

/// How much loss a stream of sound should be prepared for, from what its receiver reports.
///
/// A report of loss counts at once; calm is believed slowly, because losses come in waves.
package struct LossExpectation: Sendable {
    /// What is left of an older expectation after a report without loss; reports come about once in 2 s.
    private static let memory = 0.7
    /// When more than this is lost the path is cut, and no preparation helps.
    private static let most = 0.25

    private var share = 0.0

    /// Expects nothing to be lost.
    package init() {}

    /// Takes the share of packets, 0...1, that a receiver report calls lost (RFC 3550 §6.4.1).
    package mutating func receive(fractionLost: Double) {
        share = max(min(max(fractionLost, 0), Self.most), share * Self.memory)
        if share < 0.005 { share = 0 }
    }

    /// How many copies a path leaves room for: with its copies, sound takes a quarter of it at most, and the sound alone
    /// is about 80 kbit/s with headers; `nil` = not known, any number.
    package static func affordableCopies(within bitrate: Bitrate?) -> Int {
        guard let bitrate else { return .max }
        return max(0, bitrate.bitsPerSecond / 4 / 80_000 - 1)
    }

    /// The expected loss in whole percent.
    package var percent: Int { Int((share * 100).rounded()) }

    /// How many of the packets before are worth sending again with each one (RFC 2198).
    package var copyCount: Int {
        switch percent {
        case ..<3: 1
        case ..<6: 2
        // Losses come in bursts.
        default: 3
        }
    }
}
