import Foundation
import MediaCore
import Synchronization
import TestSupport
import Testing

@testable import Devices

@Suite("Pictures without a camera")
struct VideoSourceTests {
    @Test("the test pattern numbers its pictures, stamps them with their time, and moves")
    func patternIsNumbered() async throws {
        let source = TestPatternSource(format: VideoFormat(width: 640, height: 360, framesPerSecond: 60))
        let frames = try await collect(12, from: source)
        #expect(frames.map { Timecode.number(of: $0) } == (0..<12).map { UInt64($0) })
        for frame in frames {
            #expect(Timecode.captureTime(of: frame)?.microseconds == frame.captureTime.microseconds)
            #expect(frame.width == 640 && frame.height == 360)
        }
        #expect(checksum(frames[0]) != checksum(frames[11]))
    }

    @Test("the test pattern is paced exactly: 31 pictures at 60 a second take half a second")
    func patternKeepsTime() async throws {
        let source = TestPatternSource(format: VideoFormat(width: 320, height: 180, framesPerSecond: 60))
        let frames = try await collect(31, from: source)
        let elapsed = (try #require(frames.last).captureTime - frames[0].captureTime).inMilliseconds
        #expect(abs(elapsed - 500) < 100)
    }

    @Test(
        "the pattern can be drawn at unusual sizes",
        arguments: [(16, 16), (161, 91), (1_279, 719), (90, 1_600)])
    func patternHasAnySize(size: (Int, Int)) throws {
        let pattern = try #require(TestPattern(width: size.0, height: size.1))
        for number in [0, 1, 65_535, UInt64.max] {
            let frame = VideoFramePool().makeFrame(width: size.0, height: size.1, captureTime: .zero) {
                planes in
                pattern.draw(number: number, time: MonotonicTime(nanoseconds: .max), into: planes)
                return true
            }
            #expect(frame != nil)
        }
        #expect(TestPattern(width: 15, height: 100) == nil)
    }

    @Test("a camera that stops is opened again until it delivers, with a warning each way")
    func cameraRecovers() async throws {
        let opened = Mutex(0)
        let warnings = Mutex<[DeviceWarning]>([])
        let source = CameraSource(
            device: "cam", format: VideoFormat(width: 32, height: 32, framesPerSecond: 30),
            retryInterval: .milliseconds(1), warn: { warning in warnings.withLock { $0.append(warning) } },
            open: {
                let count = opened.withLock { count in
                    count += 1
                    return count
                }
                if count == 2 { throw DeviceError.cannotOpen(device: "cam", reason: "busy") }
                return FakeReader(pictures: count == 3 ? 0 : 2)
            })
        let frames = try await collect(4, from: source)
        #expect(frames.count == 4)
        #expect(opened.withLock { $0 } >= 4)
        #expect(
            warnings.withLock { Array($0.prefix(2)) }
                == [.stopped(device: "cam", reason: "no picture"), .isBack(device: "cam")])
    }

    @Test("a camera that never delivers, or is not there, fails at the start")
    func cameraFailsAtStart() async {
        let format = VideoFormat(width: 32, height: 32, framesPerSecond: 30)
        let dead = CameraSource(
            device: "cam", format: format, warn: { _ in }, open: { FakeReader(pictures: 0) })
        await #expect(throws: DeviceError.cannotOpen(device: "cam", reason: "it delivers no picture")) {
            try await dead.run { _ in }
        }
        await #expect(throws: DeviceError.self) {
            try await CameraSource(path: "/dev/video-none", format: format).run { _ in }
        }
    }

    @Test("a video file is delivered at its own rate and size, looped", .enabled(if: hasFFmpeg))
    func playsFile() async throws {
        let path = temporaryPath("mp4")
        defer { unlink(path) }
        try await SpawnedProgram.run([
            "ffmpeg", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-frames:v", "10",
            "-pix_fmt", "yuv420p", path,
        ]) { ffmpeg in
            try #require(await ffmpeg.status(within: .seconds(20)) == 0, "\(ffmpeg.errors)")
        }
        let source = try FileVideoSource(path: path)
        #expect(source.format == VideoFormat(width: 320, height: 180, framesPerSecond: 25))
        let frames = try await collect(26, from: source)
        #expect(checksum(frames[0]) == checksum(frames[10]))
        #expect(checksum(frames[0]) != checksum(frames[5]))
        let elapsed = (frames[25].captureTime - frames[0].captureTime).inMilliseconds
        #expect(abs(elapsed - 1_000) < 200)
    }

    @Test("a missing video file is one sentence with its path")
    func namesMissingFile() {
        let error = #expect(throws: DeviceError.self) { try FileVideoSource(path: "/nonexistent/a.mp4") }
        #expect(error?.description.contains("/nonexistent/a.mp4") == true)
    }

    @Test("cancellation ends a source that sleeps for a second at once")
    func endsOnCancellation() async throws {
        let source = TestPatternSource(format: VideoFormat(width: 64, height: 64, framesPerSecond: 1))
        let thread = PinnedThread(name: "test-pattern")
        let task = Task(executorPreference: thread) { try await source.run { _ in } }
        try await Task.sleep(for: .milliseconds(50))
        let cancelled = SystemClock.now
        task.cancel()
        try await task.value
        #expect(SystemClock.now - cancelled < .milliseconds(200))
    }
}

private let hasFFmpeg = FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg")

/// Runs a source on a thread of its own until it has delivered `count` pictures.
private func collect(_ count: Int, from source: any VideoSource) async throws -> [VideoFrame] {
    let (stream, continuation) = AsyncStream.makeStream(of: VideoFrame.self, bufferingPolicy: .unbounded)
    let thread = PinnedThread(name: "test-source")
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask(executorPreference: thread) {
            defer { continuation.finish() }
            try await source.run { continuation.yield($0) }
        }
        var frames: [VideoFrame] = []
        for await frame in stream {
            frames.append(frame)
            if frames.count == count { break }
        }
        group.cancelAll()
        try await group.waitForAll()
        return frames
    }
}

private func checksum(_ frame: VideoFrame) -> UInt64 {
    frame.withPlanes { planes in
        var sum: UInt64 = 0
        for row in stride(from: frame.height / 10, to: frame.height, by: 3) {
            for column in 0..<frame.width {
                sum = sum &* 31 &+ UInt64(planes.y[row * planes.yStride + column])
            }
        }
        return sum
    }
}

private final class FakeReader: PictureReader {
    private var left: Int

    init(pictures: Int) {
        left = pictures
    }

    func next(pool: VideoFramePool) -> VideoFrame? {
        guard left > 0 else { return nil }
        left -= 1
        return pool.makeFrame(width: 32, height: 32, captureTime: SystemClock.now) { _ in true }
    }

    func rewind() -> Bool { false }
}
