/// The status line and the header fields of an answer.
package struct HTTPResponseHead: Hashable, Sendable {
    /// 101, 200, 404, ...
    package var status: Int
    /// The header fields.
    package var headers: HTTPHeaders

    /// Makes a head.
    package init(status: Int, headers: HTTPHeaders = [:]) {
        self.status = status
        self.headers = headers
    }

    /// Reads everything up to the empty line; `nil` when it is not HTTP/1 (RFC 9112 §4, §5).
    init?(_ bytes: ArraySlice<UInt8>) {
        // A line may end in a bare line feed (RFC 9112 §2.2).
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
        guard !lines.isEmpty else { return nil }
        let statusLine = lines.removeFirst().split(separator: " ", maxSplits: 2)
        guard statusLine.count >= 2, statusLine[0].hasPrefix("HTTP/1."),
            statusLine[1].count == 3, let status = Int(statusLine[1]), (100...599).contains(status)
        else { return nil }
        self.status = status
        headers = HTTPHeaders()
        for line in lines where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
            headers.append(String(line[..<colon]), line[line.index(after: colon)...].trimmingSpaces)
        }
    }
}

/// A whole answer.
package struct HTTPResponse: Hashable, Sendable {
    /// Status and header fields.
    package var head: HTTPResponseHead
    /// The content, at most as long as the parser was told to take.
    package var body: [UInt8]

    /// Makes an answer.
    package init(head: HTTPResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// The content as text; bytes that are no UTF-8 are replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
