import Devices
import MediaCore
import RoomKit
import TestSupport
import Testing

/// What we encode in each codec, as the Python SDK (libwebrtc) decodes it through the embedded room.
@Suite("Interop: the codecs we send", .serialized)
struct PublishedCodecTests {
    @Test(
        "pictures of every codec arrive whole and readable",
        arguments: MediaCodec.allCases.filter(\.isVideo))
    func codecs(codec: MediaCodec) async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                var options = VideoPublishOptions()
                options.codec = codec
                let pattern = TestPatternSource(
                    format: VideoFormat(width: 1_280, height: 720, framesPerSecond: 30))
                try await room.localParticipant.publish(
                    videoTrack: LocalVideoTrack(source: pattern), options: options)
                try await host.joinPython("python", []) { peer in
                    try await peer.expect("video") { line in
                        guard (line[number: "readable"] ?? 0) >= 60, let width = line[number: "width"],
                            let height = line[number: "height"]
                        else { return false }
                        // On a machine that is too slow for it VP9 leaves out its larger sizes.
                        return (width == 1_280 || codec == .vp9) && width * 9 == height * 16
                    }
                    let statistics = await room.statistics()
                    let track = try #require(statistics.sending.first { $0.kind == .video })
                    #expect(track.codec == codec.rawValue)
                    #expect(track.frames > 60)
                }
            }
        }
    }
}
