import LiveKitProtocol
import MediaCore
import Testing

@testable import RoomKit

@Suite("Announcing a track")
struct TrackAnnouncementTests {
    private static func announcement(
        _ codec: MediaCodec, width: Int = 1_280, height: Int = 720, source: TrackSource = .camera
    ) -> TrackAnnouncement {
        var options = VideoPublishOptions()
        options.codec = codec
        options.source = source
        let format = VideoFormat(width: width, height: height, framesPerSecond: 30)
        return TrackAnnouncement(video: options, format: format, cname: "me")
    }

    @Test(
        "the codec is announced and offered first, with VP8 behind it",
        arguments: MediaCodec.allCases.filter(\.isVideo))
    func codecs(codec: MediaCodec) throws {
        let announcement = Self.announcement(codec)
        let announced = try #require(announcement.request.simulcastCodecs.first)
        #expect(announced.codec == codec.rawValue && announced.cid == announcement.request.cid)
        #expect(announcement.codecs == (codec == .vp8 ? [.vp8] : [codec, .vp8]))
        #expect(
            announced.videoLayerMode
                == (codec == .vp9 ? .multipleSpatialLayersPerStream : .oneSpatialLayerPerStream))
    }

    @Test(
        "VP9 is one stream without name that has three sizes, each with three times the bits of the one below"
    )
    func scalable() {
        let announcement = Self.announcement(.vp9)
        let layers = announcement.request.layers
        #expect(announcement.layers.map(\.rid) == [nil])
        #expect(layers.map(\.width) == [320, 640, 1_280])
        #expect(layers.map(\.quality) == [.low, .medium, .high])
        #expect(layers.map(\.spatialLayer) == [0, 1, 2])
        #expect(layers.map { $0.bitrate / 1_000 } == [111, 333, 1_000])
        #expect(layers.allSatisfy { $0.rid.isEmpty && $0.ssrc == layers[0].ssrc })
    }

    @Test("a server that names the codecs it enables allows no other")
    func enabledCodecs() {
        let enabled = ["video/VP8", "video/H264", "audio/opus"].map { mime in
            var codec = Livekit_Codec()
            codec.mime = mime
            return codec
        }
        #expect(enabled.allow(.vp8) && enabled.allow(.h264))
        #expect(!enabled.allow(.vp9) && !enabled.allow(.av1))
        #expect([Livekit_Codec]().allow(.av1))
    }

    @Test("AV1, a small VP9 picture and a VP9 screen have one size")
    func oneSize() {
        for announcement in [
            Self.announcement(.av1), Self.announcement(.vp9, width: 320, height: 240),
            Self.announcement(.vp9, source: .screenShareVideo),
        ] {
            #expect(announcement.request.layers.map(\.quality) == [.high])
        }
    }
}
