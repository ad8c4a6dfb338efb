package import MediaCore

/// Numbers drawn into the top of a picture as black and white blocks, so that any client can read them back.
///
/// The picture is divided into 80 x 45 cells. A row of cells is 80 bits, left to right, white = 1: 8 sync
/// bits `10101100`, 64 bits of value with the most significant first, 8 check bits (xor of the value's
/// bytes).
package enum Timecode {
    /// The row with the capture time: CLOCK_MONOTONIC in microseconds.
    package static let timeRow = 0
    /// The row with the number of the frame.
    package static let numberRow = 1

    private static let columns = 80
    private static let rows = 45
    private static let sync: UInt8 = 0b1010_1100
    private static let threshold = 125

    /// Writes `value` into a row of cells; pictures with cells of less than 2 pixels stay as they are.
    package static func write(
        _ value: UInt64, row: Int, planes: VideoFrame.Planes, width: Int, height: Int
    ) {
        guard hasRoom(width, height), (0..<rows).contains(row) else { return }
        let canvas = PlanarCanvas(planes: planes, width: width, height: height)
        let (top, bottom) = (row * height / rows, (row + 1) * height / rows)
        for column in 0..<columns {
            let (left, right) = (column * width / columns, (column + 1) * width / columns)
            canvas.fill(
                x: left, y: top, width: right - left, height: bottom - top,
                bit(column, of: value) ? .white : .black)
        }
    }

    /// The value of a row of cells; `nil` when its sync or check bits are wrong.
    package static func read(_ frame: VideoFrame, row: Int) -> UInt64? {
        guard hasRoom(frame.width, frame.height), (0..<rows).contains(row) else { return nil }
        let lines = middle(of: row, count: rows, size: frame.height)
        var bytes: (sync: UInt8, value: UInt64, check: UInt8) = (0, 0, 0)
        frame.withPlanes { planes in
            for column in 0..<columns {
                let pixels = middle(of: column, count: columns, size: frame.width)
                let isOne = mean(planes, pixels, lines) > threshold
                let bit: UInt8 = isOne ? 1 : 0
                switch column {
                case 0..<8: bytes.sync = bytes.sync << 1 | bit
                case 8..<72: bytes.value = bytes.value << 1 | UInt64(bit)
                default: bytes.check = bytes.check << 1 | bit
                }
            }
        }
        guard bytes.sync == sync, bytes.check == check(of: bytes.value) else { return nil }
        return bytes.value
    }

    /// When the picture was made; `nil` when it carries no timecode.
    package static func captureTime(of frame: VideoFrame) -> MonotonicTime? {
        guard let value = read(frame, row: timeRow), value < UInt64(Int64.max / 1_000) else { return nil }
        return MonotonicTime(microseconds: Int64(value))
    }

    /// The number of the picture; `nil` when it carries no timecode.
    package static func number(of frame: VideoFrame) -> UInt64? {
        read(frame, row: numberRow)
    }

    private static func hasRoom(_ width: Int, _ height: Int) -> Bool {
        width >= 2 * columns && height >= 2 * rows
    }

    private static func bit(_ column: Int, of value: UInt64) -> Bool {
        switch column {
        case 0..<8: sync >> UInt8(7 - column) & 1 == 1
        case 8..<72: value >> UInt64(71 - column) & 1 == 1
        default: check(of: value) >> UInt8(79 - column) & 1 == 1
        }
    }

    private static func check(of value: UInt64) -> UInt8 {
        (0..<8).reduce(0) { $0 ^ UInt8(truncatingIfNeeded: value >> UInt64($1 * 8)) }
    }

    /// Pixels whose centres lie in the middle 40 % of a cell, at least one.
    private static func middle(of cell: Int, count: Int, size: Int) -> Range<Int> {
        let cellSize = Double(size) / Double(count)
        let start = (Double(cell) + 0.3) * cellSize
        let first = Int((start - 0.5).rounded(.up))
        let last = Int((start + 0.4 * cellSize - 0.5).rounded(.down))
        if first <= last { return first..<last + 1 }
        let center = Int((Double(cell) + 0.5) * cellSize)
        return center..<center + 1
    }

    private static func mean(_ planes: VideoFrame.Planes, _ columns: Range<Int>, _ rows: Range<Int>) -> Int {
        var sum = 0
        for row in rows {
            let line = planes.y + row * planes.yStride
            for column in columns { sum += Int(line[column]) }
        }
        return sum / (columns.count * rows.count)
    }
}
