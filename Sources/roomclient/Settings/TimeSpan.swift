import ArgumentParser

/// A span of the command line: `90`, `90s`, `30m`, `6h`, `2d`, or several together: `1h30m`.
struct TimeSpan: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    private static let longest = 100 * 365 * 86_400
    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

    /// Length in whole seconds, 1 second to 100 years.
    let seconds: Int
    private let text: String

    /// What servers' own libraries give a token.
    static let sixHours = TimeSpan(seconds: 6 * 3_600, text: "6h")

    private init(seconds: Int, text: String) {
        self.seconds = seconds
        self.text = text
    }

    init?(argument: String) {
        var total = 0
        var number = ""
        for character in argument.lowercased() {
            if character.isASCII, character.isNumber {
                number.append(character)
                continue
            }
            guard let unit = Self.units[character], let count = Int(number), count <= Self.longest else {
                return nil
            }
            total += count * unit
            guard total <= Self.longest else { return nil }
            number = ""
        }
        if !number.isEmpty {
            // A number alone is seconds; after a unit it would be unclear what it means.
            guard total == 0, let count = Int(number), count <= Self.longest else { return nil }
            total = count
        }
        guard total > 0 else { return nil }
        seconds = total
        text = argument
    }

    var duration: Duration { .seconds(seconds) }
    var description: String { text }
    var defaultValueDescription: String { text }
}
