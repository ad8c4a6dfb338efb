import ArgumentParser

/// A size of the command line, `1280x720`.
struct PictureSize: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    /// Sides in pixels, each 16...8,192 and even.
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init?(argument: String) {
        let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        let range = 16...8_192
        guard sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1]), range.contains(width),
            range.contains(height), width.isMultiple(of: 2), height.isMultiple(of: 2)
        else { return nil }
        self.init(width: width, height: height)
    }

    var description: String { "\(width)x\(height)" }
    var defaultValueDescription: String { description }
}
