import ArgumentParser

/// One `key=value` of the command line.
struct KeyValue: Hashable, Sendable, ExpressibleByArgument {
    let key: String
    let value: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        key = String(parts[0])
        value = String(parts[1])
    }

    /// A later one of the same key wins.
    static func dictionary(_ list: [KeyValue]) -> [String: String] {
        Dictionary(list.map { ($0.key, $0.value) }) { $1 }
    }
}
