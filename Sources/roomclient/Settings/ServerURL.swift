import Foundation

/// The address of a LiveKit server: `ws`, `wss`, `http` or `https` with a host.
struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    let text: String

    /// Throws one sentence when it is none.
    init(_ text: String) throws(ProgramError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["ws", "wss", "http", "https"].contains(scheme), let host = parts.host, !host.isEmpty
        else {
            throw .usage(
                "\"\(text)\" is no server URL; write wss://example.livekit.cloud or ws://127.0.0.1:7880."
            )
        }
        self.text = text
    }

    var description: String { text }
}
