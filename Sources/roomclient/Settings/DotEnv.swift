/// A `.env` file: lines `KEY=value`, as shells and other tools read them.
///
/// `export` before a key is skipped; `#` begins a comment at the start of a line, and after a blank in a
/// value without quotes; single quotes take everything literally, double quotes know `\n \r \t \" \\ \$`;
/// quoted values may span lines. Variables are not expanded.
struct DotEnv: Equatable, Sendable {
    /// What the file sets; a later line wins.
    private(set) var values: [String: String] = [:]
    /// Numbers of lines that make no sense, from 1.
    private(set) var unreadableLines: [Int] = []

    init() {}

    /// Reads a whole file.
    init(parsing text: String) {
        var cursor = Cursor(bytes: Array(text.utf8))
        while !cursor.isAtEnd {
            let line = cursor.line
            cursor.skipBlanks()
            if cursor.isAtLineEnd || cursor.next == UInt8(ascii: "#") {
                cursor.skipLine()
            } else if let (key, value) = cursor.readAssignment() {
                values[key] = value
            } else {
                unreadableLines.append(line)
                cursor.skipLine()
            }
        }
    }
}

/// Reads the bytes of a file from front to back.
private struct Cursor {
    let bytes: [UInt8]
    /// The next byte to read.
    private(set) var position = 0
    /// Number of the present line, from 1.
    private(set) var line = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark from an editor on another system.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtEnd: Bool { position >= bytes.count }
    var isAtLineEnd: Bool { next == nil || next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") }
    private var isAtBlank: Bool { next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") }

    private mutating func advance() -> UInt8? {
        guard let byte = next else { return nil }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    mutating func skipBlanks() {
        while isAtBlank { position += 1 }
    }

    mutating func skipLine() {
        while let byte = advance(), byte != UInt8(ascii: "\n") {}
    }

    /// `KEY=value` up to the end of its line; `nil` when it is none.
    mutating func readAssignment() -> (key: String, value: String)? {
        guard var key = readKey() else { return nil }
        if key == "export", isAtBlank {
            skipBlanks()
            guard let exported = readKey() else { return nil }
            key = exported
        }
        skipBlanks()
        guard next == UInt8(ascii: "=") else { return nil }
        position += 1
        skipBlanks()
        guard let value = readValue() else { return nil }
        return (key, value)
    }

    private mutating func readKey() -> String? {
        let start = position
        while let byte = next, isKeyByte(byte, isFirst: position == start) { position += 1 }
        return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    private func isKeyByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): !isFirst
        default: false
        }
    }

    private mutating func readValue() -> String? {
        guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return readPlainValue()
        }
        position += 1
        guard let value = readQuoted(until: quote) else { return nil }
        skipBlanks()
        guard isAtLineEnd || next == UInt8(ascii: "#") else { return nil }
        skipLine()
        return value
    }

    private mutating func readPlainValue() -> String {
        var value: [UInt8] = []
        while let byte = next, !isAtLineEnd {
            if byte == UInt8(ascii: "#"), value.last.map({ $0 == 32 || $0 == 9 }) ?? true { break }
            value.append(byte)
            position += 1
        }
        skipLine()
        while let last = value.last, last == 32 || last == 9 { value.removeLast() }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func readQuoted(until quote: UInt8) -> String? {
        let start = (position, line)
        var value: [UInt8] = []
        while let byte = advance() {
            if byte == quote { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                value.append(contentsOf: readEscape())
            } else {
                value.append(byte)
            }
        }
        // No end: only this line is lost, not the rest of the file.
        (position, line) = start
        return nil
    }

    private mutating func readEscape() -> [UInt8] {
        guard let byte = advance() else { return [UInt8(ascii: "\\")] }
        switch byte {
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): return [byte]
        default: return [UInt8(ascii: "\\"), byte]
        }
    }
}
