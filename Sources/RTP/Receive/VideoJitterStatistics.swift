/// What happened to the pictures of one stream.
package struct VideoJitterStatistics: Sendable, Hashable {
    /// Pictures handed to the decoder.
    package var frames = 0
    /// Of those, key frames.
    package var keyframes = 0
    /// Gaps that were not closed in time.
    package var abandonedGaps = 0
    /// Whole pictures thrown away because they could not be decoded.
    package var droppedFrames = 0
    /// Packets that came after their turn.
    package var latePackets = 0
    /// Packets that came twice.
    package var duplicatePackets = 0
    /// Packets whose payload does not follow its format.
    package var malformedPackets = 0
    /// Packets without payload, which senders use to probe the path.
    package var paddingPackets = 0

    /// Makes statistics of nothing.
    package init() {}
}
