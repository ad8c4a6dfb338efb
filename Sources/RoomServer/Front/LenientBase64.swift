import Foundation

/// Base64 as clients of every kind write it: both alphabets, padding or none, `+` that became a space in a query.
enum LenientBase64 {
    /// The decoded bytes, or `nil` when `text` is not base64 at all.
    static func decode(_ text: String) -> [UInt8]? {
        var standard = text.map { character -> Character in
            switch character {
            case "-", " ": "+"
            case "_": "/"
            default: character
            }
        }
        standard.removeAll { $0 == "=" }
        standard += String(repeating: "=", count: (4 - standard.count % 4) % 4)
        guard let data = Data(base64Encoded: String(standard)) else { return nil }
        return [UInt8](data)
    }
}
