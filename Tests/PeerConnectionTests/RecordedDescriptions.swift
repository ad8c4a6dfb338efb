import Foundation
import Testing

/// Descriptions of the LiveKit Python SDK 1.2 (libwebrtc) and livekit-server 1.13, recorded between the two.
enum RecordedDescriptions {
    static let names = [
        "participant-first-offer", "room-first-answer", "participant-simulcast-offer",
        "room-simulcast-answer",
        "participant-subscribed-offer", "room-subscribed-answer", "publisher-offer", "publisher-answer",
        "subscriber-offer", "subscriber-answer",
    ]

    /// The text of a recorded description.
    static func text(_ name: String) throws -> String {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "sdp", subdirectory: "Fixtures"))
        return try String(contentsOf: url, encoding: .utf8)
    }
}
