import Codecs
import MediaCore
import Testing

@Suite("Scaling and conversion")
struct ImageTests {
    private let pool = VideoFramePool()

    @Test("a picture made smaller and larger again looks the same and keeps its times")
    func scaling() throws {
        let picture = try MovingPicture(width: 320, height: 240).frame(3).timed(
            captureTime: MonotonicTime(microseconds: 5), presentAt: MonotonicTime(microseconds: 9))
        let small = try #require(ImageScaler.scale(picture, to: 161, 121, pool: pool))
        #expect((small.width, small.height) == (161, 121))
        #expect((small.captureTime, small.presentAt) == (picture.captureTime, picture.presentAt))
        let large = try #require(ImageScaler.scale(small, to: 320, 240, pool: pool))
        #expect(try lumaPSNR(picture, large) > 18)
        #expect(ImageScaler.scale(picture, to: 320, 240, pool: pool) === picture)
    }

    @Test("impossible sizes are refused", arguments: [(0, 10), (10, -1), (16_385, 10), (.max, .max)])
    func impossibleSizes(width: Int, height: Int) throws {
        let picture = try MovingPicture(width: 16, height: 16).frame(0)
        #expect(ImageScaler.scale(picture, to: width, height, pool: pool) == nil)
        let bytes = [UInt8](repeating: 0, count: 64)
        let frame = bytes.withUnsafeBytes {
            ImageConversion.makeFrame(
                from: $0, layout: .rgba, width: width, height: height, captureTime: .zero, pool: pool)
        }
        #expect(frame == nil)
    }

    @Test("packed colours survive the way to I420 and back", arguments: PixelLayout.allCases)
    func colours(layout: PixelLayout) throws {
        let red: [UInt8] =
            switch layout {
            case .bgr: [20, 40, 220]
            case .rgba: [220, 40, 20, 255]
            case .bgra: [20, 40, 220, 255]
            }
        let pixels = Array(repeatElement(red, count: 35 * 21).joined())
        let frame = try #require(
            pixels.withUnsafeBytes {
                ImageConversion.makeFrame(
                    from: $0, layout: layout, width: 35, height: 21, captureTime: .zero, pool: pool)
            })
        var back = [UInt8](repeating: 0, count: pixels.count)
        #expect(back.withUnsafeMutableBytes { ImageConversion.write(frame, as: layout, into: $0) })
        let worst = zip(pixels, back).map { abs(Int($0) - Int($1)) }.max()
        #expect(try #require(worst) <= 6)
        var short = [UInt8](repeating: 0, count: pixels.count - 1)
        #expect(!short.withUnsafeMutableBytes { ImageConversion.write(frame, as: layout, into: $0) })
    }
}
