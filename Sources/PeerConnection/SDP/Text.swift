extension StringProtocol {
    /// The text without spaces and tabs at either end.
    var trimmed: SubSequence {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }

    /// The words of the text, without empty ones.
    var words: [SubSequence] {
        split(separator: " ", omittingEmptySubsequences: true)
    }

    /// The text before the first `separator`, and the text behind it (`nil` without a separator).
    func cut(at separator: Character) -> (head: SubSequence, tail: SubSequence?) {
        guard let index = firstIndex(of: separator) else { return (self[...], nil) }
        return (self[..<index], self[self.index(after: index)...])
    }
}
