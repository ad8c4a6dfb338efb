/// A key pressed in the window. Letters come in lower case: the window system under OpenCV does not tell them apart.
package enum WindowKey: Hashable, Sendable {
    case character(Character)
    case tab, enter, escape, backspace, delete
    case up, down, left, right

    /// From the code that OpenCV's event loop gives; `nil` for -1 and for keys without a meaning here.
    package init?(code: Int) {
        switch code {
        case 9: self = .tab
        case 10, 13, 0xFF0D, 0xFF8D: self = .enter
        case 27, 0xFF1B: self = .escape
        case 8, 0xFF08: self = .backspace
        case 127, 0xFFFF: self = .delete
        case 0xFF09, 0xFE20: self = .tab
        case 0xFF51: self = .left
        case 0xFF52: self = .up
        case 0xFF53: self = .right
        case 0xFF54: self = .down
        case 32...126:
            guard let scalar = UInt8(exactly: code).map(Unicode.Scalar.init) else { return nil }
            self = .character(Character(Character(scalar).lowercased()))
        default: return nil
        }
    }
}
