/// The header fields of one message, in order; names are compared without case (RFC 9110 §5.1).
package struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var fields: [Field] = []

    private struct Field: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// Makes an empty list.
    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// Adds a field; bytes that would end the line are left out.
    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: HTTPHeaders.oneLine(name), value: HTTPHeaders.oneLine(value)))
    }

    /// Adds all fields of another list behind those of this one.
    package mutating func append(contentsOf other: HTTPHeaders) {
        fields += other.fields
    }

    /// The value of a field; several fields of one name are joined by commas (RFC 9110 §5.3).
    package subscript(_ name: String) -> String? {
        let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Whether a field is a comma-separated list that contains the token, without case.
    func contains(_ token: String, in name: String) -> Bool {
        (self[name] ?? "").split(separator: ",").contains {
            $0.trimmingSpaces.lowercased() == token.lowercased()
        }
    }

    var lines: String {
        fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends (OWS of RFC 9110 §5.6.3).
    var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(self.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
