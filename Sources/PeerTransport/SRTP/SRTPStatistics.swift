/// Packets that SRTP did not let through, by reason.
package struct SRTPStatistics: Hashable, Sendable {
    /// Too short, too long or not a packet at all.
    package var malformed = 0
    /// The tag is wrong: changed on the way, or for other keys.
    package var unauthentic = 0
    /// Seen before, or older than the replay window.
    package var replayed = 0
    /// Other refusals of the library.
    package var refused = 0

    /// All of them.
    package var total: Int { malformed + unauthentic + replayed + refused }
}
