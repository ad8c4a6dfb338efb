package import MediaCore

/// What a video encoder is opened with.
package struct VideoEncoderSettings: Hashable, Sendable {
    /// Width in pixels; a picture of another size reopens the encoder.
    package var width: Int
    /// Height in pixels.
    package var height: Int
    /// Pictures per second that rate control plans with.
    package var framesPerSecond: Int
    /// What the encoder aims at.
    package var bitrate: Bitrate
    /// Threads of the library; 1 costs the least in all.
    package var threads: Int
    /// Effort to begin with, from 4 (thorough, for small layers) to 12.
    package var speed: Int
    /// Temporal layers, 1 or 3: parts of the stream with half and a quarter of the pictures. VP8.
    package var temporalLayers: Int
    /// Whether pictures are of a screen: sharp text, long stretches without change.
    package var isScreen: Bool

    /// Makes settings.
    package init(
        width: Int, height: Int, framesPerSecond: Int = 30, bitrate: Bitrate, threads: Int = 1,
        speed: Int = 8, temporalLayers: Int = 1, isScreen: Bool = false
    ) {
        self.width = width
        self.height = height
        self.framesPerSecond = framesPerSecond
        self.bitrate = bitrate
        self.threads = threads
        self.speed = speed
        self.temporalLayers = temporalLayers
        self.isScreen = isScreen
    }

    /// Whether the numbers make sense to an encoder; VP8 has 14 bits for each side (RFC 6386 §9.1).
    var isValid: Bool {
        (1...16_383).contains(width) && (1...16_383).contains(height) && (1...240).contains(framesPerSecond)
            && (temporalLayers == 1 || temporalLayers == TemporalPattern.layerCount)
            && (1...16).contains(threads) && (4...16).contains(speed) && bitrate.bitsPerSecond > 0
    }
}
