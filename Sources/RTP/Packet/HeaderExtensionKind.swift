/// The header extensions this package knows.
package enum HeaderExtensionKind: String, CaseIterable, Hashable, Sendable {
    case mid, rid, repairedRid, audioLevel, transportSequence, absoluteSendTime, absoluteCaptureTime
    case dependencyDescriptor, playoutDelay

    /// The name under which SDP maps it to an id (`a=extmap`, RFC 8285 §5).
    package var uri: String {
        switch self {
        case .mid: "urn:ietf:params:rtp-hdrext:sdes:mid"
        case .rid: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
        case .repairedRid: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
        case .audioLevel: "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
        case .transportSequence: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
        case .absoluteSendTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
        case .absoluteCaptureTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"
        case .dependencyDescriptor:
            "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
        case .playoutDelay: "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
        }
    }

    /// The kind SDP calls `uri`; `nil` for an unknown one.
    package init?(uri: String) {
        guard let kind = Self.allCases.first(where: { $0.uri == uri }) else { return nil }
        self = kind
    }

    /// Whether its value is passed on as bytes and not read.
    package var isOpaque: Bool {
        switch self {
        case .dependencyDescriptor, .absoluteCaptureTime, .playoutDelay: true
        default: false
        }
    }

    /// Its place in a table of all kinds.
    var index: Int {
        switch self {
        case .mid: 0
        case .rid: 1
        case .repairedRid: 2
        case .audioLevel: 3
        case .transportSequence: 4
        case .absoluteSendTime: 5
        case .absoluteCaptureTime: 6
        case .dependencyDescriptor: 7
        case .playoutDelay: 8
        }
    }
}
