package import MediaCore

/// The built-in moving test picture with timecode in place of a camera, at an exact rate.
package struct TestPatternSource: VideoSource {
    package let format: VideoFormat

    /// Makes the source; sides and rate are cut to what can be drawn.
    package init(format: VideoFormat = VideoFormat(width: 1_280, height: 720, framesPerSecond: 30)) {
        self.format = VideoFormat(
            width: min(max(format.width, 16), 8_192), height: min(max(format.height, 16), 8_192),
            framesPerSecond: min(max(format.framesPerSecond, 1), 240))
    }

    package func run(_ deliver: @Sendable (VideoFrame) -> Void) async throws {
        guard let pattern = TestPattern(width: format.width, height: format.height) else { return }
        let pool = VideoFramePool()
        var metronome = Metronome(beatsPerSecond: Double(format.framesPerSecond))
        var number: UInt64 = 0
        while metronome.wait() {
            let now = SystemClock.now
            let frame = pool.makeFrame(width: format.width, height: format.height, captureTime: now) {
                planes in
                pattern.draw(number: number, time: now, into: planes)
                return true
            }
            guard let frame else { return }
            deliver(frame)
            number &+= 1
        }
    }
}
