/// What a data channel promises, as its opener says it (RFC 8832 §5.1).
package struct DataChannelDescription: Hashable, Sendable {
    /// How hard the channel tries to deliver a message.
    package enum Reliability: Hashable, Sendable {
        /// Until it is there.
        case reliable
        /// At most this many retransmissions.
        case maxRetransmits(UInt32)
        /// At most this long, in milliseconds.
        case maxLifetime(UInt32)
    }

    /// A name for the application.
    package var label: String
    /// A sub-protocol for the application; usually empty.
    package var subprotocol: String
    /// Whether messages arrive in the order in which they were sent.
    package var isOrdered: Bool
    /// How hard to try.
    package var reliability: Reliability
    /// Relative weight; 256 is "normal".
    package var priority: UInt16

    /// Makes a description; ordered and reliable unless said otherwise.
    package init(
        label: String, isOrdered: Bool = true, reliability: Reliability = .reliable, subprotocol: String = "",
        priority: UInt16 = 256
    ) {
        self.label = label
        self.subprotocol = subprotocol
        self.isOrdered = isOrdered
        self.reliability = reliability
        self.priority = priority
    }
}
