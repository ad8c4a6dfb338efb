import COpenSSL

/// The error queue of the calling thread.
enum OpenSSLErrors {
    /// Takes all of the queue as one line, oldest first.
    static func take() -> String {
        var lines: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            guard lines.count < 8 else { continue }
            lines.append(text(of: code))
        }
        return lines.isEmpty ? "no reason given" : lines.joined(separator: "; ")
    }

    private static func text(of code: UInt) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            ERR_error_string_n(code, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
