/// What a connection does with media.
package enum MediaMode: Hashable, Sendable {
    /// It joins packets to frames and cuts frames into packets: a participant.
    case frames
    /// It passes packets on as they are: a room that forwards.
    case packets
}
