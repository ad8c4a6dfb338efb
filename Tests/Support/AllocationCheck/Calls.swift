import MediaCore
import PeerConnection
import RTP

/// Sections and frames that the checks share.
enum Calls {
    static let video: MediaID = "1"
    static let audio: MediaID = "0"
    static let frameInterval: Duration = .nanoseconds(33_333_333)

    private static let opus = CodecDescription(
        PayloadType(111), "opus", clockRate: 48_000, channels: 2, feedback: ["nack", "transport-cc"])
    private static let red = CodecDescription(
        PayloadType(63), "red", clockRate: 48_000, channels: 2, format: "111/111")
    private static let pictures = [
        CodecDescription(
            PayloadType(96), "VP8", clockRate: 90_000, feedback: ["nack", "nack pli", "transport-cc"]),
        CodecDescription(PayloadType(97), "rtx", clockRate: 90_000, format: "apt=96"),
    ]
    private static let extensions = HeaderExtensionMap([
        .transportSequence: 3, .absoluteSendTime: 2, .audioLevel: 1, .mid: 4,
    ])

    /// An engine that lets packets pass as they are: what NSS allocates inside libsrtp is not ours.
    static func makeEngine(seed: UInt64, pool: PacketPool, at now: MonotonicTime) -> PeerEngine {
        var engine = PeerEngine(
            configuration: PeerEngineConfiguration(
                unixNanosecondsAtZero: 1_700_000_000_000_000_000, seed: seed, pool: pool),
            now: now)
        engine.passThrough(at: now)
        return engine
    }

    /// Sends pictures and sound, with copies of the sound before (RFC 2198) or without.
    static func addSending(
        to engine: inout PeerEngine, firstSource: UInt32, hasCopies: Bool, at now: MonotonicTime
    ) {
        engine.setSending(
            SendDescription(
                kind: .audio, codecs: hasCopies ? [red, opus] : [opus], extensions: extensions, cname: "a",
                encodings: [.init(ssrc: SSRC(firstSource))]),
            on: audio, at: now)
        engine.setSending(
            SendDescription(
                kind: .video, codecs: pictures, extensions: extensions, cname: "a",
                encodings: [
                    .init(ssrc: SSRC(firstSource + 1), retransmissionSSRC: SSRC(firstSource + 2))
                ]),
            on: video, at: now)
    }

    /// Receives pictures and sound, put together or packet by packet.
    static func addReceiving(to engine: inout PeerEngine, mode: MediaMode, at now: MonotonicTime) {
        engine.setReceiving(
            ReceiveDescription(kind: .audio, codecs: [red, opus], extensions: extensions, mode: mode),
            on: audio, at: now)
        engine.setReceiving(
            ReceiveDescription(kind: .video, codecs: pictures, extensions: extensions, mode: mode),
            on: video, at: now)
    }

    /// A picture that looks like VP8 to a depacketizer (RFC 6386 §9.1), of about ten packets.
    static func picture(_ number: Int, at now: MonotonicTime) -> EncodedFrame {
        var bytes = [UInt8](repeating: 7, count: 11_000)
        let isKeyframe = number == 0
        bytes[0] = isKeyframe ? 0x10 : 0x11
        if isKeyframe { bytes.replaceSubrange(3..<10, with: [0x9D, 0x01, 0x2A, 0x00, 0x05, 0xD0, 0x02]) }
        return EncodedFrame(
            codec: .vp8, bytes: bytes, isKeyframe: isKeyframe,
            timestamp: UInt32(truncatingIfNeeded: number &* 3_000), captureTime: now)
    }

    /// An Opus packet of 20 ms (RFC 6716 §3.1).
    static func sound(_ number: Int, at now: MonotonicTime) -> EncodedFrame {
        EncodedFrame(
            codec: .opus, bytes: [0x78] + [UInt8](repeating: 7, count: 119), isKeyframe: true,
            timestamp: UInt32(truncatingIfNeeded: number &* 960), captureTime: now)
    }
}
