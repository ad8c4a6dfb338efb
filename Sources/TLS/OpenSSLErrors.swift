import COpenSSL

/// The error queue of the calling thread.
package enum OpenSSLErrors {
    /// Takes all of the queue as one line, oldest first; `silence` when it is empty.
    package static func take(silence: String = "no reason given") -> String {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            guard reasons.count < 8 else { continue }
            reasons.append(ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)")
        }
        return reasons.isEmpty ? silence : reasons.joined(separator: ", ")
    }
}
