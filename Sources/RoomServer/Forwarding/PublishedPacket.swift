/// What a forwarder has to know about one packet of a publisher.
struct PublishedPacket: Hashable, Sendable {
    /// Which of the publisher's streams it belongs to: its simulcast layer, lowest first; 0 without simulcast.
    var stream: Int
    /// Its size and rate; with simulcast each stream is one size.
    var layer: TrackLayer
    /// Its number in the stream, extended to 64 bits.
    var sequence: Int64
    /// Its RTP timestamp.
    var timestamp: UInt32
    /// Whether the publisher says that its picture ends here.
    var isMarked = false
    /// Whether it carries nothing but padding.
    var isPadding = false
    /// Whether packets behind it in the stream came before it: those who begin here do not get them any more.
    var isLate = false
    /// Whether it is the first packet of a picture.
    var startsFrame = true
    /// Whether it is the first packet of its picture's part in its spatial layer.
    var startsLayer = true
    /// Whether it is the last packet of its picture's part in its spatial layer.
    var endsLayer = false
    /// Whether decoding may start with its picture.
    var isKeyframe = false
    /// Whether its part of the picture builds on earlier pictures, and not just on smaller sizes of the same one.
    var isInterPicture = true
    /// Whether its picture goes out in the next smaller size as well, and is to be decoded with it only.
    var needsSmallerSize = false
    /// Where a receiver may begin to take more temporal layers.
    var switching = TemporalSwitching.none
    /// The counters of a VP8 packet.
    var picture: VP8Counters?
}

/// What a picture says about taking more temporal layers from there on.
enum TemporalSwitching: Hashable, Sendable {
    /// It does not help.
    case none
    /// Its own temporal layer may be taken from it on: it builds on the lowest only (bit Y of RFC 7741 §4.2).
    case thisLayer
    /// All higher ones may be taken behind it too: they will not look back beyond it (bit U of RFC 9628 §4.2).
    case higherLayers
}
