/// What happened on an association, for the application.
package enum DataChannelEvent: Hashable, Sendable {
    /// The association is up.
    case connected
    /// A channel can be used: the peer opened it, or took the one that we opened.
    case opened(stream: UInt16, DataChannelDescription, byPeer: Bool)
    /// A whole message.
    case message(stream: UInt16, bytes: [UInt8], isText: Bool)
    /// Everything given to `send` on this channel has gone to the network.
    case drained(stream: UInt16)
    /// A channel is gone; its number may come back.
    case closed(stream: UInt16)
    /// The association is gone, and every channel with it.
    case disconnected
}
