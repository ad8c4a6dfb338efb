import MediaCore

/// LiveKit's presets: which bitrate a picture of a given size deserves.
enum VideoEncodings {
    private struct Preset {
        let width: Int, height: Int, kilobits: Int
    }

    private static let wide = [
        Preset(width: 160, height: 90, kilobits: 90), Preset(width: 320, height: 180, kilobits: 160),
        Preset(width: 384, height: 216, kilobits: 180), Preset(width: 640, height: 360, kilobits: 450),
        Preset(width: 960, height: 540, kilobits: 800), Preset(width: 1_280, height: 720, kilobits: 1_700),
        Preset(width: 1_920, height: 1_080, kilobits: 3_000),
        Preset(width: 2_560, height: 1_440, kilobits: 5_000),
        Preset(width: 3_840, height: 2_160, kilobits: 8_000),
    ]
    private static let narrow = [
        Preset(width: 160, height: 120, kilobits: 70), Preset(width: 240, height: 180, kilobits: 125),
        Preset(width: 320, height: 240, kilobits: 140), Preset(width: 480, height: 360, kilobits: 330),
        Preset(width: 640, height: 480, kilobits: 500), Preset(width: 720, height: 540, kilobits: 600),
        Preset(width: 960, height: 720, kilobits: 1_300),
        Preset(width: 1_440, height: 1_080, kilobits: 2_300),
        Preset(width: 1_920, height: 1_440, kilobits: 3_800),
    ]

    /// Pictures of a screen deserve more the more often they come.
    private static let screens: [(preset: Preset, framesPerSecond: Int)] = [
        (Preset(width: 640, height: 360, kilobits: 200), 3),
        (Preset(width: 640, height: 360, kilobits: 400), 30),
        (Preset(width: 1_280, height: 720, kilobits: 800), 5),
        (Preset(width: 1_280, height: 720, kilobits: 1_500), 15),
        (Preset(width: 1_280, height: 720, kilobits: 2_000), 30),
        (Preset(width: 1_920, height: 1_080, kilobits: 2_500), 15),
        (Preset(width: 1_920, height: 1_080, kilobits: 5_000), 30),
    ]
    private static let largestScreen = 7_000

    /// The bitrate of the smallest preset that holds the picture of a camera, of the nearer aspect ratio.
    static func bitrate(width: Int, height: Int) -> Bitrate {
        let long = max(width, height)
        let presets = isWide(width, height) ? wide : narrow
        let preset = presets.first { $0.width >= long } ?? presets[presets.count - 1]
        return .kilobits(preset.kilobits)
    }

    /// The bitrate of the smallest preset that holds the picture of a screen and its rate.
    static func screenBitrate(width: Int, height: Int, framesPerSecond: Int) -> Bitrate {
        let long = max(width, height)
        let entry = screens.first { $0.preset.width >= long && $0.framesPerSecond >= framesPerSecond }
        return .kilobits(entry?.preset.kilobits ?? largestScreen)
    }

    /// The bitrate of a lower layer of a camera whose shorter side is `height`: 180 or 360.
    static func bitrate(ofLayerWithHeight height: Int, in picture: Dimensions) -> Bitrate {
        let presets = isWide(picture.width, picture.height) ? wide : narrow
        let preset = presets.first { $0.height >= height } ?? presets[presets.count - 1]
        return .kilobits(preset.kilobits)
    }

    private static func isWide(_ width: Int, _ height: Int) -> Bool {
        let aspect = Double(max(width, height)) / Double(max(1, min(width, height)))
        return abs(aspect - 16.0 / 9) < abs(aspect - 4.0 / 3)
    }
}
