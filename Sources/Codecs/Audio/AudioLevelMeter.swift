import Glibc

/// Measures how loud sound is, as the RTP header extension for audio levels says it.
package enum AudioLevelMeter {
    /// Loudness of `period` in −dBov: 0 is the loudest there can be, 127 is silence (RFC 6464 §3).
    ///
    /// It is the root mean square relative to a square wave of full scale, so a full sine wave is 3.
    package static func level(of period: UnsafeBufferPointer<Int16>) -> UInt8 {
        var energy = 0.0
        for sample in period { energy += Double(sample) * Double(sample) }
        guard energy > 0 else { return 127 }
        let decibels = 10 * log10(energy / Double(period.count) / (32_767.0 * 32_767.0))
        return UInt8(min(max((-decibels).rounded(), 0), 127))
    }
}
