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

    /// The bitrate of the smallest preset that holds the picture, of the nearer aspect ratio.
    static func bitrate(width: Int, height: Int) -> Bitrate {
        let long = max(width, height)
        let short = max(1, min(width, height))
        let aspect = Double(long) / Double(short)
        let presets = abs(aspect - 16.0 / 9) < abs(aspect - 4.0 / 3) ? wide : narrow
        let preset = presets.first { $0.width >= long } ?? presets[presets.count - 1]
        return .kilobits(preset.kilobits)
    }
}
