import MediaCore
import RTP

/// What a connection can send and receive, with the payload types and extension numbers of its offers.
///
/// The numbers are those of livekit-server, which every client of such rooms has met. One payload type
/// means the same
/// in all sections, as BUNDLE asks for (RFC 8843 §10.1.1).
struct MediaCapabilities: Sendable {
    /// Whether packets are passed on, which needs no decoder.
    let mode: MediaMode
    /// The codecs of pictures that may be received; empty = all that are known.
    var receivedVideo: [MediaCodec] = []

    /// Repair and congestion feedback for pictures.
    private static let videoFeedback = ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"]

    /// Payload types of a section, the preferred first, each picture codec followed by its retransmission.
    ///
    /// `wanted` limits and orders the codecs; when it is empty, everything that fits the direction is listed.
    /// `isRedundant`: sound is to be sent with copies (RFC 2198).
    func codecs(
        for kind: MediaKind, direction: MediaDirection, wanted: [MediaCodec], isRedundant: Bool = false
    ) -> [CodecDescription] {
        let known = kind == .audio ? audio(direction, isRedundant) : video(direction)
        let receives = kind == .video && direction.receives && !receivedVideo.isEmpty
        let wanted = wanted.isEmpty && receives ? receivedVideo : wanted
        guard !wanted.isEmpty else { return isEncodedHere(kind, direction) ? Array(known.prefix(2)) : known }
        return wanted.flatMap { codec in known.filter { ($0.codec ?? Self.owner(of: $0, in: known)) == codec }
        }
    }

    /// Whether pictures are made for the section: VP8 then, with its repeats, unless something else is wanted.
    private func isEncodedHere(_ kind: MediaKind, _ direction: MediaDirection) -> Bool {
        mode == .frames && kind == .video && direction == .sendonly
    }

    /// Extensions of a section with the numbers of an offer; `sent` are the codecs in which pictures are made for it.
    func extensions(for kind: MediaKind, sent: [MediaCodec]) -> [ExtensionDescription] {
        extensionKinds(for: kind, sent).map {
            ExtensionDescription(id: Self.number(of: $0), uri: $0.uri)
        }
    }

    private func extensionKinds(for kind: MediaKind, _ sent: [MediaCodec]) -> [HeaderExtensionKind] {
        switch kind {
        case .audio: return [.audioLevel, .mid]
        case .video:
            let common: [HeaderExtensionKind] = [
                .absoluteSendTime, .transportSequence, .mid, .rid, .repairedRid,
            ]
            // A room passes the descriptor on, and VP9 made here has one; nobody reads it here.
            return mode == .packets || sent.contains(.vp9) ? common + [.dependencyDescriptor] : common
        case .application: return []
        }
    }

    private func audio(_ direction: MediaDirection, _ isRedundant: Bool) -> [CodecDescription] {
        let opus = CodecDescription(
            PayloadType(111), "opus", clockRate: 48_000, channels: 2, format: "minptime=10;useinbandfec=1",
            feedback: ["nack"])
        let red = CodecDescription(PayloadType(63), "red", clockRate: 48_000, channels: 2, format: "111/111")
        // The order of an answer that repeats this one says whether copies are sent.
        if isRedundant { return [red, opus] }
        return mode == .packets || direction.receives ? [opus, red] : [opus]
    }

    private func video(_ direction: MediaDirection) -> [CodecDescription] {
        let vp8 = Self.repaired(96, "VP8", by: 97)
        let vp9 = Self.repaired(98, "VP9", "profile-id=0", by: 99)
        let h264 = Self.h264(108, "42e01f", mode: 1, by: 109)
        let av1 = Self.repaired(35, "AV1", by: 36)
        // What is encoded here has one profile of each.
        guard mode == .packets || direction != .sendonly else { return vp8 + vp9 + h264 + av1 }
        return vp8 + vp9 + h264 + Self.h264(125, "42e01f", mode: 0, by: 126)
            + Self.h264(102, "42001f", mode: 1, by: 103) + Self.h264(104, "42001f", mode: 0, by: 105)
            + Self.h264(123, "640032", mode: 1, by: 124) + Self.h264(106, "4d001f", mode: 1, by: 107)
            + av1
    }

    private static func h264(
        _ type: UInt8, _ profile: String, mode: Int, by retransmission: UInt8
    ) -> [CodecDescription] {
        let format = "level-asymmetry-allowed=1;packetization-mode=\(mode);profile-level-id=\(profile)"
        return repaired(type, "H264", format, by: retransmission)
    }

    private static func repaired(
        _ type: UInt8, _ name: String, _ format: String = "", by retransmission: UInt8
    ) -> [CodecDescription] {
        [
            CodecDescription(
                PayloadType(type), name, clockRate: 90_000, format: format, feedback: videoFeedback),
            CodecDescription(PayloadType(retransmission), "rtx", clockRate: 90_000, format: "apt=\(type)"),
        ]
    }

    /// The codec that an auxiliary entry serves: retransmissions their video codec, redundancy Opus.
    private static func owner(of entry: CodecDescription, in known: [CodecDescription]) -> MediaCodec? {
        if entry.isNamed("red") { return .opus }
        guard let repaired = entry.repairedPayloadType else { return nil }
        return known.first { $0.payloadType == repaired }?.codec
    }

    private static func number(of kind: HeaderExtensionKind) -> UInt8 {
        switch kind {
        case .audioLevel: 1
        case .absoluteSendTime: 2
        case .transportSequence: 3
        case .mid: 4
        case .playoutDelay: 5
        case .rid: 10
        case .repairedRid: 11
        case .dependencyDescriptor: 12
        case .absoluteCaptureTime: 13
        }
    }
}
