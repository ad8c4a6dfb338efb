/// What happened to the sound of one stream.
package struct AudioJitterStatistics: Sendable, Hashable {
    /// Packets played.
    package var played = 0
    /// Packets concealed: lost, or late by more than the delay.
    package var concealed = 0
    /// Of those, with a copy in the packet that followed.
    package var recoveredByFEC = 0
    /// Times the sound before had to be drawn out because nothing was there.
    package var drawnOut = 0
    /// Packets that came after their turn.
    package var late = 0
    /// Packets that came twice.
    package var duplicate = 0
    /// Packets to be played faster, not counting what may be done in pauses only.
    package var hastened = 0
    /// Packets to be played slower, likewise.
    package var slowed = 0
    /// Packets left out to catch up.
    package var skipped = 0
    /// Packets that found the buffer full and pushed out the oldest.
    package var overflowed = 0
}
