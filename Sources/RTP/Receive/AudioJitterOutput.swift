/// What the decoder is to do for the next stretch of sound.
package enum AudioJitterOutput: Sendable {
    /// Decode this packet, and play it as fast as said.
    case packet(ReceivedAudioPacket, AudioTempo)
    /// Conceal one packet that did not come; the packet after it may carry a copy (RFC 6716 §2.1.7).
    case lost(fecFrom: ReceivedAudioPacket?, AudioTempo)
    /// Go on with what was heard last: the next packet is late, and will follow where the last one ended.
    case late
    /// Nothing to decode.
    case silence(AudioSilence)
}

/// How fast a packet is to be played, at the same pitch.
package enum AudioTempo: Sendable, Hashable {
    /// As it was recorded.
    case even
    /// Shorter by a moment, because sound waits longer than it needs to.
    case faster(AudioTempoPlace)
    /// Longer by a moment, because packets are about to come too late.
    case slower(AudioTempoPlace)
}

/// Where the tempo may change.
package enum AudioTempoPlace: Sendable, Hashable {
    /// In a pause of the voice only: nobody hears it.
    case pause
    /// Also where the sound repeats itself: hardly heard.
    case repetition
    /// Anywhere: the delay would be heard more.
    case anywhere
}

/// Why there is nothing to decode.
package enum AudioSilence: Sendable, Hashable {
    /// The stream has not begun, or waits until enough of it is there.
    case waiting
    /// The sender pauses because nobody speaks; comfort noise is in place.
    case discontinuous
}
