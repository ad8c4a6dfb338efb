import RoomKit

/// One size of a track of ours over the last interval, or over the whole call.
struct LayerReport: Sendable {
    var rid: String
    var width: Int
    var height: Int
    var framesPerSecond: Double
    /// Kilobits per second.
    var rate: Double
    var isActive: Bool

    var json: JSONText {
        [
            "rid": .text(rid), "width": .number(width), "height": .number(height),
            "fps": .fraction(framesPerSecond), "kbps": .fraction(rate), "active": .flag(isActive),
        ]
    }
}

/// A track of ours over the last interval, or over the whole call.
struct SendReport: Sendable {
    var source: String
    var sid: String
    var kind: String
    var codec: String
    /// Kilobits per second.
    var rate: Double
    var targetRate: Double
    /// Size of the largest picture that is sent; 0 for sound.
    var width: Int
    var height: Int
    var framesPerSecond: Double
    /// The sizes it is sent in, the lowest first.
    var layers: [LayerReport]
    /// Milliseconds of encoding a frame in all its sizes.
    var encodeTime: Double
    var retransmissions: Int
    var nacks: Int
    var plis: Int
    /// `none`, or what holds the quality down.
    var limitedBy: String

    var json: JSONText {
        [
            "source": .text(source), "sid": .text(sid), "kind": .text(kind), "codec": .text(codec),
            "kbps": .fraction(rate), "target_kbps": .fraction(targetRate),
            "layers": .list(layers.map(\.json)), "encode_ms": .fraction(encodeTime),
            "rtx": .number(retransmissions), "nacks": .number(nacks), "plis": .number(plis),
            "limited_by": .text(limitedBy),
        ]
    }
}

/// A track of somebody else: rates over the last interval or the whole call, counts since it began.
struct ReceiveReport: Sendable {
    /// The room's own counts.
    var totals: TrackReceiveStatistics
    /// Kilobits per second.
    var rate: Double
    var framesPerSecond: Double
    /// Milliseconds of decoding a frame.
    var decodeTime: Double
    var latency: LatencySamples

    var json: JSONText {
        [
            "participant": .text(totals.participant.stringValue), "source": .text(totals.source.rawValue),
            "sid": .text(totals.sid.stringValue), "kind": .text(totals.kind.rawValue),
            "codec": .text(totals.codec),
            "width": .number(totals.width), "height": .number(totals.height),
            "fps": .fraction(framesPerSecond),
            "kbps": .fraction(rate), "packets": .number(totals.packets), "lost": .number(totals.lost),
            "recovered": .number(totals.recovered), "concealed_ms": .number(totals.concealedMilliseconds),
            "frozen_ms": .number(totals.frozenMilliseconds), "freezes": .number(totals.freezes),
            "jitter_ms": .fraction(totals.jitterMilliseconds), "delay_ms": .number(totals.delayMilliseconds),
            "decode_ms": .fraction(decodeTime), "latency_ms": latency.json,
        ]
    }
}
