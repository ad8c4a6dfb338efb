import MediaCore

/// How much work an encoder puts into a picture: less when it takes more than half the time between pictures.
///
/// A value without clock: the owner measures and reports. A slow encoder is made faster after a third of
/// a second; it is made thorough again only after ten seconds with a wide margin, so it does not swing.
package struct EncodeSpeed: Sendable {
    /// The range of libvpx that pays off in real time: −8 is thorough, −12 costs about half, beyond only
    /// drops more.
    package static let range = 8...12

    /// The present speed; libvpx calls it `cpu-used` and wants it negative.
    package private(set) var speed: Int

    /// The speed it returns to when there is time.
    private let thorough: Int
    /// The fastest it goes.
    private let fastest: Int
    /// Mean share of the frame time that encoding took, smoothed over about eight pictures.
    private var load: Double?
    /// Pictures since the speed last changed.
    private var picturesAtSpeed = 0

    /// Starts at `thorough`, which may be lower than 8 for small pictures.
    package init(thorough: Int = range.lowerBound, fastest: Int = range.upperBound) {
        self.thorough = thorough
        self.fastest = fastest
        speed = thorough
    }

    /// Takes the time one picture took; returns true when `speed` has changed.
    package mutating func receive(encodeTime: Duration, framesPerSecond: Int) -> Bool {
        let share = encodeTime.inSeconds * Double(max(1, framesPerSecond))
        let smoothed = load.map { $0 + (share - $0) / 8 } ?? share
        load = smoothed
        picturesAtSpeed += 1
        if smoothed > 0.5, picturesAtSpeed * 3 >= framesPerSecond, speed < fastest {
            return change(to: speed + 1)
        }
        if smoothed < 0.2, picturesAtSpeed >= framesPerSecond * 10, speed > thorough {
            return change(to: speed - 1)
        }
        return false
    }

    private mutating func change(to next: Int) -> Bool {
        speed = next
        load = nil
        picturesAtSpeed = 0
        return true
    }
}
