/// Which id each header extension has on the wire in one session (RFC 8285 §5).
package struct HeaderExtensionMap: Hashable, Sendable {
    /// The id of each kind by its index; zero means "not negotiated". SIMD because it is inline and hashable.
    private var ids = SIMD16<UInt8>()

    /// Makes an empty map.
    package init() {}

    /// Makes a map of given ids.
    package init(_ ids: [HeaderExtensionKind: UInt8]) {
        for (kind, id) in ids { self[kind] = id }
    }

    /// The id of a kind: 1...14, or to 255 when two-byte headers were negotiated; `nil` when it is not used.
    package subscript(kind: HeaderExtensionKind) -> UInt8? {
        get {
            let id = ids[kind.index]
            return id == 0 ? nil : id
        }
        set { ids[kind.index] = newValue ?? 0 }
    }

    /// The kind an id stands for; `nil` for one that was not negotiated.
    package func kind(of id: UInt8) -> HeaderExtensionKind? {
        guard id != 0 else { return nil }
        for kind in HeaderExtensionKind.allCases where ids[kind.index] == id { return kind }
        return nil
    }
}
