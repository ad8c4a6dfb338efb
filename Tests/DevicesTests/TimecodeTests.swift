import MediaCore
import Testing

@testable import Devices

@Suite("Timecode in the picture")
struct TimecodeTests {
    private static let sizes = [(1_280, 720), (640, 360), (320, 180), (640, 480), (1_918, 1_078), (161, 91)]
    private static let values: [UInt64] = [0, 1, 0x0123_4567_89AB_CDEF, .max, 1 << 63, 86_400_000_000]

    @Test("a value written is read back at every size", arguments: sizes, values)
    func roundTrips(size: (Int, Int), value: UInt64) throws {
        let frame = try #require(picture(size.0, size.1, time: value, number: ~value))
        #expect(Timecode.read(frame, row: Timecode.timeRow) == value)
        #expect(Timecode.number(of: frame) == ~value)
    }

    @Test("it survives the blur and noise of a codec", arguments: [(1_280, 720), (640, 360), (320, 180)])
    func survivesBlur(size: (Int, Int)) throws {
        var random = SeededGenerator(seed: 7)
        let frame = try #require(picture(size.0, size.1, time: 123_456_789, number: 42))
        let blurred = try #require(blur(frame, using: &random))
        #expect(Timecode.captureTime(of: blurred) == MonotonicTime(microseconds: 123_456_789))
        #expect(Timecode.number(of: blurred) == 42)
    }

    @Test("one wrong bit rejects the row and leaves the other row alone")
    func rejectsWrongBits() throws {
        for column in 0..<80 {
            let frame = try #require(picture(1_280, 720, time: 5, number: 6, invertedCell: column))
            #expect(Timecode.read(frame, row: Timecode.timeRow) == nil, "column \(column)")
            #expect(Timecode.number(of: frame) == 6)
        }
    }

    @Test("a picture without a timecode, or too small for one, has none")
    func rejectsOtherPictures() throws {
        for size in [(1_280, 720), (100, 50), (1, 1)] {
            let frame = try #require(
                VideoFramePool().makeFrame(width: size.0, height: size.1, captureTime: .zero) { planes in
                    PlanarCanvas(planes: planes, width: size.0, height: size.1)
                        .fill(x: 0, y: 0, width: size.0, height: size.1, .black)
                    return true
                })
            #expect(Timecode.captureTime(of: frame) == nil)
            #expect(Timecode.read(frame, row: 45) == nil)
            #expect(Timecode.read(frame, row: -1) == nil)
        }
    }

    private func picture(
        _ width: Int, _ height: Int, time: UInt64, number: UInt64, invertedCell: Int? = nil
    ) -> VideoFrame? {
        VideoFramePool().makeFrame(width: width, height: height, captureTime: .zero) { planes in
            let canvas = PlanarCanvas(planes: planes, width: width, height: height)
            canvas.fill(x: 0, y: 0, width: width, height: height, PlanarColor(y: 90, u: 100, v: 150))
            Timecode.write(time, row: 0, planes: planes, width: width, height: height)
            Timecode.write(number, row: 1, planes: planes, width: width, height: height)
            if let invertedCell {
                let isWhite = planes.y[invertedCell * 16 + 8] > 125
                canvas.fill(x: invertedCell * 16, y: 0, width: 16, height: 16, isWhite ? .black : .white)
            }
            return true
        }
    }

    /// A 3 x 3 mean, coarse quantization and noise: what low bitrates do to blocks.
    private func blur(_ frame: VideoFrame, using random: inout SeededGenerator) -> VideoFrame? {
        let noise = (0..<1_024).map { _ in Int.random(in: -20...20, using: &random) }
        return VideoFramePool().makeFrame(width: frame.width, height: frame.height, captureTime: .zero) {
            target in
            frame.withPlanes { source in
                for y in 0..<min(frame.height, 40) {
                    for x in 0..<frame.width {
                        var sum = 0
                        for dy in -1...1 {
                            for dx in -1...1 {
                                let row = min(max(y + dy, 0), frame.height - 1)
                                sum += Int(
                                    source.y[row * source.yStride + min(max(x + dx, 0), frame.width - 1)])
                            }
                        }
                        let value = sum / 9 / 16 * 16 + noise[(y * 31 + x) % noise.count]
                        target.y[y * target.yStride + x] = UInt8(clamping: value)
                    }
                }
            }
            return true
        }
    }
}
