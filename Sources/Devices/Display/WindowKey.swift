/// A key pressed in the window. Letters come in lower case and arrows not at all: OpenCV keeps both back.
package enum WindowKey: Hashable, Sendable {
    case character(Character)
    case tab, enter, escape, backspace, delete

    /// From the code that OpenCV's event loop gives; `nil` for -1 and for keys without a meaning here.
    package init?(code: Int) {
        switch code {
        // 11 is Tab with Shift.
        case 9, 11, 0xFF09: self = .tab
        case 10, 13, 0xFF0D, 0xFF8D: self = .enter
        case 27, 0xFF1B: self = .escape
        case 8, 0xFF08: self = .backspace
        case 127, 0xFFFF: self = .delete
        case 32...126:
            guard let scalar = UInt8(exactly: code).map(Unicode.Scalar.init) else { return nil }
            self = .character(Character(Character(scalar).lowercased()))
        default: return nil
        }
    }
}
