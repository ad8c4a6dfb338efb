/// One answer of an HTTP/1.1 server, as a machine: bytes in, the head and the content out (RFC 9112).
struct HTTPResponseParser: Sendable {
    /// Why an answer cannot be read.
    enum Fault: String, Error {
        case notHTTP = "the answer is not HTTP/1.1"
        case headTooLarge = "the head of the answer is too large"
        case malformedBody = "the content of the answer is malformed"
        case truncated = "the server closed the connection in the middle of its answer"
    }

    private enum State {
        case head
        /// Content with a known end, as the bytes still to come.
        case counted(Int)
        case chunkSize
        case chunk(Int)
        /// The line end after a chunk.
        case chunkEnd
        case untilClose
        case complete
    }

    /// The head, once it is complete.
    private(set) var head: HTTPResponseHead?
    /// The content so far, cut at `bodyLimit`.
    private(set) var body: [UInt8] = []
    /// Bytes that came after a head that has no content, or after the content.
    private(set) var rest: [UInt8] = []

    private let headLimit = 32 << 10
    private let bodyLimit: Int
    /// A successful CONNECT and 101 are followed by another protocol, whatever their header fields say.
    private let endsAtHead: @Sendable (HTTPResponseHead) -> Bool
    private var input: [UInt8] = []
    private var state = State.head

    /// Makes a parser that keeps at most `bodyLimit` bytes of the content.
    init(bodyLimit: Int, endsAtHead: @escaping @Sendable (HTTPResponseHead) -> Bool = { $0.status == 101 }) {
        self.bodyLimit = bodyLimit
        self.endsAtHead = endsAtHead
    }

    /// Whether the answer is whole; also when its content is larger than what is kept.
    var isComplete: Bool {
        if case .complete = state { true } else { body.count >= bodyLimit }
    }

    /// The answer so far; `nil` before its head is complete.
    var response: HTTPResponse? {
        head.map { HTTPResponse(head: $0, body: body) }
    }

    /// Takes bytes of the server, cut anywhere.
    mutating func receive(_ bytes: some Sequence<UInt8>) throws(Fault) {
        input.append(contentsOf: bytes)
        while try step() {}
        if case .complete = state {
            rest += input
            input = []
        }
    }

    /// The server closed its side: the end of a content without a length, else the answer is cut off.
    mutating func receiveEnd() throws(Fault) {
        guard case .untilClose = state else {
            if isComplete { return }
            throw .truncated
        }
        state = .complete
    }

    /// Does one step; false when more bytes are needed or nothing is left to do.
    private mutating func step() throws(Fault) -> Bool {
        switch state {
        case .head:
            return try readHead()
        case .counted(let left):
            let taken = take(left)
            state = taken == left ? .complete : .counted(left - taken)
            return false
        case .chunkSize:
            guard let line = try nextLine() else { return false }
            let digits = line.prefix { $0 != ";" }.trimmingSpaces
            guard digits.count <= 8, !digits.hasPrefix("+"), let size = Int(digits, radix: 16), size >= 0
            else {
                throw .malformedBody
            }
            // Trailers are not read: nothing follows that is of use.
            state = size == 0 ? .complete : .chunk(size)
            return true
        case .chunk(let left):
            let taken = take(left)
            state = taken == left ? .chunkEnd : .chunk(left - taken)
            return taken == left
        case .chunkEnd:
            guard let line = try nextLine() else { return false }
            guard line.isEmpty else { throw .malformedBody }
            state = .chunkSize
            return true
        case .untilClose:
            _ = take(.max)
            return false
        case .complete:
            return false
        }
    }

    private mutating func readHead() throws(Fault) -> Bool {
        guard let end = endOfHead() else {
            if input.count > headLimit { throw .headTooLarge }
            return false
        }
        guard end <= headLimit else { throw .headTooLarge }
        guard let head = HTTPResponseHead(input[..<end]) else { throw .notHTTP }
        input.removeFirst(end)
        // RFC 9110 §15.2: interim answers other than 101 are passed over.
        if (100..<200).contains(head.status), head.status != 101 { return true }
        self.head = head
        state = try bodyState(of: head)
        return true
    }

    /// RFC 9112 §6.3: how long the content is.
    private func bodyState(of head: HTTPResponseHead) throws(Fault) -> State {
        if endsAtHead(head) || head.status == 204 || head.status == 304 { return .complete }
        if head.headers.contains("chunked", in: "Transfer-Encoding") { return .chunkSize }
        guard let length = head.headers["Content-Length"] else { return .untilClose }
        guard let count = Int(length), count >= 0 else { throw .malformedBody }
        return count == 0 ? .complete : .counted(count)
    }

    /// The index after the empty line.
    private func endOfHead() -> Int? {
        var lineStart = 0
        for (index, byte) in input.enumerated() where byte == 0x0A {
            let isEmpty = index == lineStart || (index == lineStart + 1 && input[lineStart] == 0x0D)
            if isEmpty, lineStart > 0 { return index + 1 }
            lineStart = index + 1
        }
        return nil
    }

    private mutating func nextLine() throws(Fault) -> String? {
        guard let end = input.firstIndex(of: 0x0A) else {
            if input.count > 1024 { throw .malformedBody }
            return nil
        }
        var line = input[..<end]
        if line.last == 0x0D { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        input.removeFirst(end + 1)
        return text
    }

    /// Moves up to `count` bytes to the content, as far as it is kept; returns how many there were.
    private mutating func take(_ count: Int) -> Int {
        let taken = min(count, input.count)
        body += input.prefix(min(taken, max(0, bodyLimit - body.count)))
        input.removeFirst(taken)
        return taken
    }
}
