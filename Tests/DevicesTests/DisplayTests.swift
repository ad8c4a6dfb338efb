import Foundation
import MediaCore
import Testing

@testable import Devices

@Suite("What the window draws")
struct DisplayTests {
    @Test(
        "a picture keeps its shape inside its rectangle",
        arguments: [
            (
                PixelRect(x: 0, y: 0, width: 640, height: 480), 1_280, 720,
                PixelRect(x: 0, y: 60, width: 640, height: 360)
            ),
            (
                PixelRect(x: 10, y: 20, width: 100, height: 100), 90, 160,
                PixelRect(x: 32, y: 20, width: 56, height: 100)
            ),
            (
                PixelRect(x: 0, y: 0, width: 64, height: 36), 1_280, 720,
                PixelRect(x: 0, y: 0, width: 64, height: 36)
            ),
            (
                PixelRect(x: 0, y: 0, width: 4, height: 400), 1_000, 1,
                PixelRect(x: 0, y: 199, width: 4, height: 1)
            ),
        ])
    func fits(rect: PixelRect, width: Int, height: Int, expected: PixelRect) {
        #expect(rect.fitting(width: width, height: height) == expected)
    }

    @Test("layers are scaled, converted and put where they belong; the rest is black")
    func composes() throws {
        let canvas = BGRCanvas(size: PixelSize(width: 200, height: 100))
        let red = try #require(picture(64, 64) { _ in PlanarColor(red: 255, green: 0, blue: 0) })
        let blue = try #require(picture(40, 20) { _ in PlanarColor(red: 0, green: 0, blue: 255) })
        canvas.draw(WindowLayer(frame: red, rect: PixelRect(x: 0, y: 0, width: 200, height: 100)))
        canvas.draw(WindowLayer(frame: blue, rect: PixelRect(x: 80, y: 40, width: 40, height: 20)))
        #expect(canvas.pixel(x: 10, y: 50).map { $0 == (0, 0, 0) } == true)
        let left = try #require(canvas.pixel(x: 60, y: 50))
        #expect(left.red > 230 && left.blue < 30)
        let center = try #require(canvas.pixel(x: 100, y: 50))
        #expect(center.blue > 230 && center.red < 30)
    }

    @Test("a mirrored layer has left and right exchanged")
    func mirrors() throws {
        let frame = try #require(picture(64, 64) { $0 < 32 ? .white : .black })
        for isMirrored in [false, true] {
            let canvas = BGRCanvas(size: PixelSize(width: 32, height: 32))
            canvas.draw(
                WindowLayer(
                    frame: frame, rect: PixelRect(x: 0, y: 0, width: 32, height: 32), isMirrored: isMirrored))
            let pixel = try #require(canvas.pixel(x: 4, y: 16))
            #expect((pixel.green > 200) == !isMirrored)
        }
    }

    @Test(
        "rectangles outside, empty or beyond the canvas harm nothing",
        arguments: [
            PixelRect(x: -50, y: -50, width: 60, height: 60),
            PixelRect(x: 90, y: 90, width: 500, height: 500),
            PixelRect(x: 1_000, y: 0, width: 10, height: 10), PixelRect(x: 0, y: 0, width: 0, height: 10),
            PixelRect(x: 0, y: 0, width: -5, height: 10), PixelRect(x: 99, y: 99, width: 1, height: 1),
        ])
    func clips(rect: PixelRect) throws {
        let canvas = BGRCanvas(size: PixelSize(width: 100, height: 100))
        let frame = try #require(picture(33, 17) { _ in .white })
        canvas.draw(WindowLayer(frame: frame, rect: rect, isMirrored: true))
        #expect(canvas.pixel(x: 50, y: 50).map { $0 == (0, 0, 0) } == true)
    }

    @Test("a frame saved as PNG is a PNG file; a bad path is one sentence")
    func savesPicture() throws {
        let path = temporaryPath("png")
        defer { unlink(path) }
        let frame = try #require(picture(64, 64) { _ in .white })
        try PictureFile.write(frame, to: path)
        #expect(try readFile(path).prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        #expect(throws: DeviceError.self) { try PictureFile.write(frame, to: "/nonexistent/a.png") }
        #expect(throws: DeviceError.self) { try PictureFile.write(frame, to: temporaryPath("strange")) }
    }

    @Test("a small RGB picture has the colours of the frame")
    func scalesForTerminal() throws {
        let frame = try #require(
            picture(64, 36) { $0 < 32 ? PlanarColor(red: 255, green: 0, blue: 0) : .white })
        let picture = RGBPicture(scaling: frame, width: 8, height: 4)
        #expect(picture.bytes.count == 8 * 4 * 3)
        #expect(picture.bytes[0] > 230 && picture.bytes[1] < 30)
        #expect(picture.bytes[21] > 230 && picture.bytes[22] > 230)
    }

    @Test(
        "key codes become keys",
        arguments: [
            (-1, nil), (113, .character("q")), (77, .character("m")), (9, .tab), (27, .escape), (13, .enter),
            (57, .character("9")), (63, .character("?")), (11, .tab), (0xFF52, nil), (0xFFE1, nil), (0, nil),
        ] as [(Int, WindowKey?)])
    func readsKeys(code: Int, key: WindowKey?) {
        #expect(WindowKey(code: code) == key)
    }

    private func picture(_ width: Int, _ height: Int, color: (Int) -> PlanarColor) -> VideoFrame? {
        VideoFramePool().makeFrame(width: width, height: height, captureTime: .zero) { planes in
            let canvas = PlanarCanvas(planes: planes, width: width, height: height)
            for column in stride(from: 0, to: width, by: 2) {
                canvas.fill(x: column, y: 0, width: 2, height: height, color(column))
            }
            return true
        }
    }
}
