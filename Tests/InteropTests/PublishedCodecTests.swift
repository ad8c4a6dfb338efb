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
                        (line[number: "readable"] ?? 0) >= 60 && line[number: "width"] == 1_280
                            && line[number: "height"] == 720
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
