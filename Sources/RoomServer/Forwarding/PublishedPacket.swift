/// What a forwarder has to know about one packet of a publisher.
struct PublishedPacket: Hashable, Sendable {
    /// Which simulcast layer it belongs to, lowest first; 0 without simulcast.
    var layer: Int
    /// Its number in the layer's stream, extended to 64 bits.
    var sequence: Int64
    /// Its RTP timestamp.
    var timestamp: UInt32
    /// Whether it carries nothing but padding.
    var isPadding = false
    /// Whether it is the first packet of a picture.
    var startsFrame = true
    /// Whether decoding may start with its picture.
    var isKeyframe = false
    /// The counters of a VP8 packet.
    var picture: VP8Counters?
}

/// Where a packet goes in the stream of one subscriber.
struct ForwardedPosition: Hashable, Sendable {
    /// The number it gets.
    var sequenceNumber: UInt16
    /// The timestamp it gets.
    var timestamp: UInt32
    /// The counters it gets, when it is VP8 and has some.
    var picture: VP8Counters?
}

/// The counters in the payload descriptor of VP8 (RFC 7741 §4.2).
struct VP8Counters: Hashable, Sendable {
    /// Number of the picture, 15 bits.
    var pictureID: UInt16?
    /// Number of the picture in the lowest temporal layer.
    var baseLayerIndex: UInt8?
    /// Number of the key picture, 5 bits.
    var keyIndex: UInt8?
}
