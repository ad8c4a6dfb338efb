/// What both ends of an association have agreed on, and the bounds of ours.
package struct SCTPSettings: Hashable, Sendable {
    /// The largest message that is accepted: more in one piece is dropped (`a=max-message-size` of ours).
    package static let maximumReceivedMessage = 256 * 1_024

    /// Who is DTLS client: it opens even streams, the other odd ones (RFC 8832 §6).
    package var role: DTLSRole
    /// `a=sctp-port`, the same on both sides here.
    package var port: UInt16
    /// The largest message that the peer takes (its `a=max-message-size`); we never send more than 256 KiB.
    package var maximumMessage: Int
    /// Bytes that may wait for the network before `send` refuses.
    package var maximumBuffered: Int

    /// Makes settings; the defaults are those of RFC 8841 for a peer that says nothing.
    package init(
        role: DTLSRole, port: UInt16 = 5_000, maximumMessage: Int = 65_536, maximumBuffered: Int = 8 << 20
    ) {
        self.role = role
        self.port = port
        self.maximumMessage = min(maximumMessage, Self.maximumReceivedMessage)
        self.maximumBuffered = maximumBuffered
    }
}
