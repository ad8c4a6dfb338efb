/// Puts the parts of large messages together, up to a limit (the library hands parts out as they come).
struct MessageAssembler {
    /// One message in the making.
    private struct Key: Hashable {
        let stream: UInt16
        let isUnordered: Bool
    }

    private let limit: Int
    /// `nil` marks a message that became too long; the rest of it is thrown away.
    private var parts: [Key: [UInt8]?] = [:]
    /// Messages that were too long.
    private(set) var dropped = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds a part; answers the message when this was its last part.
    mutating func receive(
        _ part: UnsafeRawBufferPointer, on stream: UInt16, isUnordered: Bool, isLast: Bool
    ) -> [UInt8]? {
        let key = Key(stream: stream, isUnordered: isUnordered)
        guard var bytes = parts.removeValue(forKey: key) ?? [] else { return skip(key, isLast) }
        // The bound holds for all unfinished messages together.
        let others = parts.values.reduce(0) { $0 + ($1?.count ?? 0) }
        guard others + bytes.count + part.count <= limit else {
            dropped += 1
            return skip(key, isLast)
        }
        bytes.append(contentsOf: part)
        if isLast { return bytes }
        parts[key] = .some(bytes)
        return nil
    }

    /// Forgets what a stream has begun: it was reset.
    mutating func forget(_ stream: UInt16) {
        parts[Key(stream: stream, isUnordered: false)] = nil
        parts[Key(stream: stream, isUnordered: true)] = nil
    }

    private mutating func skip(_ key: Key, _ isLast: Bool) -> [UInt8]? {
        if !isLast { parts.updateValue(nil, forKey: key) }
        return nil
    }
}
