/// How loud a packet of sound is (RFC 6464).
package struct AudioLevel: Hashable, Sendable {
    /// Level in −dBov: 0 is the loudest, 127 is silence.
    package var level: UInt8
    /// Whether the sender believes that somebody speaks.
    package var isVoice: Bool

    /// Makes a level; beyond 127 counts as silence.
    package init(level: UInt8, isVoice: Bool) {
        self.level = min(level, 127)
        self.isVoice = isVoice
    }

    /// The byte on the wire: voice flag, then seven bits of level (RFC 6464 §3).
    var byte: UInt8 { (isVoice ? 0x80 : 0) | level }

    init(byte: UInt8) {
        self.init(level: byte & 0x7F, isVoice: byte & 0x80 != 0)
    }
}
