/// Names one media section of a connection for its whole life: the `a=mid` value (RFC 8843 §15.1).
package struct MediaID: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The value as it stands in the session description; short, so that the string is stored inline.
    package let value: String

    /// Names the section with this `mid`.
    package init(_ value: String) {
        self.value = value
    }

    package init(stringLiteral value: String) {
        self.value = value
    }

    package var description: String { value }
}
