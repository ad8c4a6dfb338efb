import Glibc

/// The output streams of the process, written at once and as a whole.
enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of `text`; what cannot be written is lost without a word.
    func write(_ text: String) {
        writeAll(text, to: rawValue)
    }

    /// Whether a person may be looking at it.
    var isTerminal: Bool { isatty(rawValue) == 1 }
}

/// Writes all of `text` to an open file; false when the file takes no more.
@discardableResult
func writeAll(_ text: String, to file: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
