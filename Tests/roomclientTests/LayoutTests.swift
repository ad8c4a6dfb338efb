import Devices
import Testing

@testable import roomclient

/// Where the two pictures go.
struct LayoutTests {
    struct Case: Sendable {
        var canvas: (Int, Int)
        var large: (Int, Int)?
        var small: (Int, Int)?
        var largeRect: (Int, Int, Int, Int)
        var smallRect: (Int, Int, Int, Int)?
    }

    static let cases: [Case] = [
        // The usual one.
        Case(
            canvas: (1_280, 720), large: (1_280, 720), small: (640, 480), largeRect: (0, 0, 1_280, 720),
            smallRect: (940, 460, 320, 240)),
        // Letterboxed: the corner is that of the picture.
        Case(
            canvas: (1_280, 960), large: (1_280, 720), small: (1_280, 720), largeRect: (0, 120, 1_280, 720),
            smallRect: (940, 640, 320, 180)),
        // Pillarboxed.
        Case(
            canvas: (1_280, 720), large: (720, 1_280), small: (640, 480), largeRect: (437, 0, 405, 720),
            smallRect: (721, 625, 101, 75)),
        // A small picture fills a large canvas.
        Case(
            canvas: (1_280, 720), large: (320, 180), small: nil, largeRect: (0, 0, 1_280, 720), smallRect: nil
        ),
        // No large picture: its place is the canvas.
        Case(
            canvas: (1_280, 720), large: nil, small: (640, 480), largeRect: (0, 0, 1_280, 720),
            smallRect: (940, 460, 320, 240)),
        // An unknown shape counts as 4 to 3.
        Case(
            canvas: (1_280, 720), large: nil, small: (0, 0), largeRect: (0, 0, 1_280, 720),
            smallRect: (940, 460, 320, 240)),
        // No room: a tall self view in a flat window.
        Case(
            canvas: (640, 100), large: nil, small: (480, 640), largeRect: (0, 0, 640, 100), smallRect: nil),
        // No canvas at all.
        Case(canvas: (0, 0), large: (640, 480), small: (640, 480), largeRect: (0, 0, 0, 0), smallRect: nil),
    ]

    @Test("pictures are placed", arguments: cases)
    func place(_ example: Case) {
        func size(_ pair: (Int, Int)) -> PixelSize { PixelSize(width: pair.0, height: pair.1) }
        func rect(_ four: (Int, Int, Int, Int)) -> PixelRect {
            PixelRect(x: four.0, y: four.1, width: four.2, height: four.3)
        }
        let layout = PictureInPictureLayout(
            canvas: size(example.canvas), large: example.large.map(size), small: example.small.map(size))
        #expect(layout.large == rect(example.largeRect))
        #expect(layout.small == example.smallRect.map(rect))
    }

    @Test("the small picture lies 20 pixels inside the large one whatever the sizes")
    func alwaysInside() {
        for width in stride(from: 16, through: 2_000, by: 97) {
            for height in stride(from: 16, through: 1_500, by: 89) {
                let layout = PictureInPictureLayout(
                    canvas: PixelSize(width: width, height: height),
                    large: PixelSize(width: 1_280, height: 720),
                    small: PixelSize(width: 640, height: 480))
                guard let small = layout.small else { continue }
                #expect(small.width == layout.large.width / 4)
                #expect(small.x + small.width + 20 == layout.large.x + layout.large.width)
                #expect(small.y + small.height + 20 == layout.large.y + layout.large.height)
                #expect(small.x >= layout.large.x + 20 && small.y >= layout.large.y + 20)
            }
        }
    }
}
