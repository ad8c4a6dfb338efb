/// A JSON value that keeps the order of its fields and writes itself on one line.
indirect enum JSONText: Sendable, Equatable {
    case null
    case flag(Bool)
    case number(Int)
    case fraction(Double)
    case text(String)
    case list([JSONText])
    case fields([Field])

    /// A name and a value.
    struct Field: Sendable, Equatable {
        let name: String
        let value: JSONText
    }

    /// The value as JSON (RFC 8259) without line breaks.
    var line: String {
        switch self {
        case .null: "null"
        case .flag(let value): value ? "true" : "false"
        case .number(let value): String(value)
        case .fraction(let value): Self.text(of: value)
        case .text(let value): Self.quoted(value)
        case .list(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
        case .fields(let fields):
            "{" + fields.map { Self.quoted($0.name) + ":" + $0.value.line }.joined(separator: ",") + "}"
        }
    }

    /// JSON has no infinity; three digits behind the point are enough for every measure here.
    private static func text(of value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "null" }
        let rounded = (value * 1_000).rounded() / 1_000
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONText: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral
{
    init(dictionaryLiteral fields: (String, JSONText)...) {
        self = .fields(fields.map { Field(name: $0, value: $1) })
    }
    init(arrayLiteral elements: JSONText...) { self = .list(elements) }
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
}
