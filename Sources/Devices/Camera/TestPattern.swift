import Glibc
import MediaCore

/// The moving test picture: colour bars, a scrolling texture, a bouncing square, a clock and the timecode.
///
/// What stands still is drawn once and copied; a 720p frame costs a fraction of a millisecond.
struct TestPattern {
    let width: Int
    let height: Int
    private let background: VideoFrame
    /// Luma of the scrolling strip, two periods wide, so that any part of it is one piece of memory.
    private let texture: [UInt8]
    private let strip: Range<Int>

    /// `nil` when a side is not within 16...8,192.
    init?(width: Int, height: Int) {
        guard (16...8_192).contains(width), (16...8_192).contains(height) else { return nil }
        self.width = width
        self.height = height
        strip = height * 36 / 45..<height
        texture = Self.texture(width: width, height: strip.count)
        let frame = VideoFramePool(limit: 0).makeFrame(width: width, height: height, captureTime: .zero) {
            planes in
            Self.drawBackground(PlanarCanvas(planes: planes, width: width, height: height))
            return true
        }
        guard let frame else { return nil }
        background = frame
    }

    /// Draws picture `number`, taken at `time`.
    func draw(number: UInt64, time: MonotonicTime, into planes: VideoFrame.Planes) {
        let canvas = PlanarCanvas(planes: planes, width: width, height: height)
        canvas.copy(background)
        drawStrip(number, planes)
        drawSquare(number, canvas)
        drawClock(time, canvas)
        Timecode.write(
            UInt64(clamping: time.microseconds), row: Timecode.timeRow, planes: planes, width: width,
            height: height)
        Timecode.write(number, row: Timecode.numberRow, planes: planes, width: width, height: height)
    }

    private func drawStrip(_ number: UInt64, _ planes: VideoFrame.Planes) {
        let shift = Int((number &* UInt64(max(1, width / 320))) % UInt64(width))
        texture.withUnsafeBufferPointer { texture in
            guard let base = texture.baseAddress else { return }
            for (index, row) in strip.enumerated() {
                memcpy(planes.y + row * planes.yStride, base + index * 2 * width + shift, width)
            }
        }
    }

    /// A square that bounces between the timecode and the strip, its position given by the number alone.
    private func drawSquare(_ number: UInt64, _ canvas: PlanarCanvas) {
        let size = max(4, height / 8)
        let top = height * 2 / 45
        let x = Self.bounce(number &* UInt64(max(1, width / 240)), within: width - size)
        let y =
            top + Self.bounce(number &* UInt64(max(1, height / 180)), within: strip.lowerBound - top - size)
        let border = max(1, size / 10)
        canvas.fill(x: x, y: y, width: size, height: size, .white)
        canvas.fill(
            x: x + border, y: y + border, width: size - 2 * border, height: size - 2 * border,
            PlanarColor(red: 230, green: 40, blue: 60))
    }

    /// Minutes, seconds and hundredths in seven segments.
    private func drawClock(_ time: MonotonicTime, _ canvas: PlanarCanvas) {
        let hundredths = Int(max(0, time.milliseconds) / 10)
        let groups = [hundredths / 6_000 % 60, hundredths / 100 % 60, hundredths % 100]
        let digitHeight = height / 8
        let unit = max(1, digitHeight / 9)
        let advance = unit * 7
        let total = advance * 6 + unit * 6
        var x = (width - total) / 2
        let y = height * 20 / 45
        canvas.fill(x: x - 2 * unit, y: y - 2 * unit, width: total + 2 * unit, height: 13 * unit, .black)
        for group in groups {
            for digit in [group / 10, group % 10] {
                SevenSegments.draw(digit, x: x, y: y, unit: unit, on: canvas)
                x += advance
            }
            x += 2 * unit
        }
    }

    /// A triangle wave over 0...limit.
    private static func bounce(_ distance: UInt64, within limit: Int) -> Int {
        guard limit > 0 else { return 0 }
        let position = Int(distance % UInt64(2 * limit))
        return position <= limit ? position : 2 * limit - position
    }

    private static func drawBackground(_ canvas: PlanarCanvas) {
        let (width, height) = (canvas.width, canvas.height)
        canvas.fill(x: 0, y: 0, width: width, height: height, .black)
        let bars: [(Double, Double, Double)] = [
            (191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0), (191, 0, 191), (191, 0, 0),
            (0, 0, 191),
        ]
        let (top, bottom) = (height * 2 / 45, height * 31 / 45)
        for (index, (red, green, blue)) in bars.enumerated() {
            let (left, right) = (index * width / bars.count, (index + 1) * width / bars.count)
            canvas.fill(
                x: left, y: top, width: right - left, height: bottom - top,
                PlanarColor(red: red, green: green, blue: blue))
        }
        let steps = 32
        for step in 0..<steps {
            let (left, right) = (step * width / steps, (step + 1) * width / steps)
            let luma = UInt8(16 + 219 * step / (steps - 1))
            canvas.fill(
                x: left, y: bottom, width: right - left, height: height * 36 / 45 - bottom,
                PlanarColor(y: luma, u: 128, v: 128))
        }
        canvas.fill(
            x: 0, y: height * 36 / 45, width: width, height: height, PlanarColor(y: 128, u: 140, v: 112))
    }

    /// Two sines that meet at the edges, so that the strip scrolls without a seam.
    private static func texture(width: Int, height: Int) -> [UInt8] {
        let columns = (0..<width).map { sin(2 * .pi * 12 * Double($0) / Double(width)) }
        let lines = (0..<height).map { sin(2 * .pi * 2 * Double($0) / Double(max(1, height))) }
        return lines.flatMap { line in
            let row = columns.map { UInt8(126 + 90 * $0 * line) }
            return row + row
        }
    }
}

/// Digits made of seven bars, 5 units wide and 9 high.
private enum SevenSegments {
    /// Bars from the top: top, top left, top right, middle, bottom left, bottom right, bottom.
    private static let shapes: [UInt8] = [
        0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111, 0b1010010, 0b1111111,
        0b1111011,
    ]
    private static let bars = [
        (0, 0, 5, 1), (0, 0, 1, 5), (4, 0, 1, 5), (0, 4, 5, 1), (0, 4, 1, 5), (4, 4, 1, 5), (0, 8, 5, 1),
    ]

    static func draw(_ digit: Int, x: Int, y: Int, unit: Int, on canvas: PlanarCanvas) {
        guard shapes.indices.contains(digit) else { return }
        for (index, bar) in bars.enumerated() where shapes[digit] >> UInt8(6 - index) & 1 == 1 {
            canvas.fill(
                x: x + bar.0 * unit, y: y + bar.1 * unit, width: bar.2 * unit, height: bar.3 * unit, .white)
        }
    }
}
