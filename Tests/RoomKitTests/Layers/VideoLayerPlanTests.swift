import MediaCore
import Testing

@testable import RoomKit

@Suite("Sizes a track is sent in")
struct VideoLayerPlanTests {
    private static func plan(
        _ width: Int, _ height: Int, fps: Int = 30, isScreen: Bool = false, isSimulcast: Bool = true,
        maximum: Bitrate? = nil, codec: MediaCodec = .vp8
    ) -> [VideoLayer] {
        VideoLayerPlan(
            format: VideoFormat(width: width, height: height, framesPerSecond: fps), isScreen: isScreen,
            isSimulcast: isSimulcast, maximumBitrate: maximum, codec: codec
        ).layers
    }

    private static func text(_ layers: [VideoLayer]) -> [String] {
        layers.map {
            "\($0.rid ?? "-") \($0.size.width)x\($0.size.height) \($0.maximum.kilobitsPerSecond)"
        }
    }

    @Test(
        "a camera is sent in LiveKit's sizes and bitrates, fewer when it is small",
        arguments: [
            (1_280, 720, ["q 320x180 160", "h 640x360 450", "f 1280x720 1700"]),
            (1_920, 1_080, ["q 320x180 160", "h 640x360 450", "f 1920x1080 3000"]),
            (720, 1_280, ["q 180x320 160", "h 360x640 450", "f 720x1280 1700"]),
            (960, 720, ["q 240x180 125", "h 480x360 330", "f 960x720 1300"]),
            (640, 480, ["q 240x180 125", "h 640x480 500"]),
            (640, 360, ["q 320x180 160", "h 640x360 450"]),
            (320, 240, ["- 320x240 140"]), (1_000, 190, ["- 1000x190 1700"]),
        ])
    func cameras(width: Int, height: Int, expected: [String]) {
        #expect(Self.text(Self.plan(width, height)) == expected)
    }

    @Test("a screen is sent whole and at half its size, with bits for its rate")
    func screens() {
        let plan = Self.plan(1_920, 1_080, fps: 15, isScreen: true)
        #expect(Self.text(plan) == ["q 960x540 625", "h 1920x1080 2500"])
        #expect(
            Self.text(Self.plan(1_280, 720, fps: 5, isScreen: true)) == [
                "q 640x360 200", "h 1280x720 800",
            ])
        #expect(Self.text(Self.plan(400, 300, fps: 5, isScreen: true)) == ["- 400x300 400"])
    }

    @Test(
        "without simulcast there is one size without a name, and a given bitrate holds for the whole picture")
    func options() {
        #expect(Self.text(Self.plan(1_280, 720, isSimulcast: false)) == ["- 1280x720 1700"])
        let narrow = Self.plan(1_280, 720, maximum: .kilobits(300))
        #expect(narrow.map(\.maximum.kilobitsPerSecond) == [160, 300, 300])
        #expect(Self.plan(1_280, 720).allSatisfy { $0.minimum < $0.maximum })
    }

    @Test("H.264 is sent in as many streams as VP8, the newer codecs in one with fewer bits")
    func codecs() {
        #expect(Self.plan(1_280, 720, codec: .h264) == Self.plan(1_280, 720))
        #expect(Self.text(Self.plan(1_280, 720, codec: .vp9)) == ["- 1280x720 1445"])
        #expect(Self.text(Self.plan(1_280, 720, codec: .av1)) == ["- 1280x720 1190"])
        #expect(
            Self.text(Self.plan(1_280, 720, maximum: .kilobits(900), codec: .av1)) == ["- 1280x720 900"])
    }

    @Test("qualities go with the names, one size alone is the high one")
    func qualities() {
        #expect(Self.plan(1_280, 720).map(\.quality) == [.low, .medium, .high])
        #expect(Self.plan(640, 480).map(\.quality) == [.low, .medium])
        #expect(Self.plan(320, 240).map(\.quality) == [.high])
    }

    @Test("sizes follow a picture of another size, stay even and never vanish")
    func otherPicture() throws {
        let low = try #require(Self.plan(1_280, 720).first)
        #expect(low.size(of: Dimensions(width: 641, height: 361)) == Dimensions(width: 160, height: 90))
        #expect(low.size(of: Dimensions(width: 3, height: 1)) == Dimensions(width: 2, height: 2))
    }
}
