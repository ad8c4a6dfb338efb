/// How long to wait before each attempt to regain a lost connection.
///
/// The delays of LiveKit's clients: at once, then longer and longer, with a little chance in it from the third attempt
/// on so that a room full of clients does not come back in the same instant.
struct ReconnectPolicy: Sendable {
    private static let delays: [Double] = [0, 0.3, 1.2, 2.7, 4.8, 7, 7, 7, 7, 7]

    /// The delay before attempt `number` (from 0), or `nil` when it is time to give up.
    static func delay(before number: Int, using generator: inout some RandomNumberGenerator) -> Duration? {
        guard delays.indices.contains(number) else { return nil }
        let chance = number < 2 ? 0 : Double.random(in: 0...1, using: &generator)
        return .seconds(delays[number] + chance)
    }
}
