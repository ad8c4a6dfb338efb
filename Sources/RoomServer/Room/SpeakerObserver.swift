import Foundation
import MediaCore

/// Tells who is speaking, from the loudness each audio packet carries (RFC 6464).
///
/// It looks at windows of 400 ms: a participant speaks when packets louder than -35 dBov fill at least two fifths of
/// the window. Levels are smoothed over two windows and rounded to eighths, so that they do not flicker.
struct SpeakerObserver: Sendable {
    /// What is known about one participant.
    private struct Voice {
        /// Sound above the threshold in this window.
        var active = Duration.zero
        /// The loudest level of this window, in dB below full scale.
        var loudest: UInt8 = 127
        /// Smoothed loudness, 0 to 1.
        var smoothed = 0.0
        /// The level that was last told, in eighths; 0 = silent.
        var told = 0
    }

    private var voices: [ParticipantSID: Voice] = [:]
    /// People who vanished or muted while they were speaking, to be told as silent.
    private var silenced: [ParticipantSID] = []
    /// When the current window ends; `nil` = nobody makes a sound.
    private(set) var windowEnd: MonotonicTime?

    static let window = Duration.milliseconds(400)
    private static let threshold: UInt8 = 35

    /// Makes an observer that has heard nobody.
    init() {}

    /// A packet with `duration` of sound, `level` dB below full scale.
    mutating func receive(
        level: UInt8, lasting duration: Duration, from sid: ParticipantSID, at now: MonotonicTime
    ) {
        var voice = voices[sid] ?? Voice()
        voice.loudest = min(voice.loudest, level)
        if level <= Self.threshold { voice.active += duration }
        voices[sid] = voice
        if windowEnd == nil { windowEnd = now + Self.window }
    }

    /// Forgets a participant; if it was speaking, the next change says that it is silent.
    mutating func remove(_ sid: ParticipantSID) {
        guard let voice = voices.removeValue(forKey: sid), voice.told > 0 else { return }
        silenced.append(sid)
    }

    /// Who is speaking, and how loud, as it was last told.
    var current: [(sid: ParticipantSID, level: Double)] {
        voices.filter { $0.value.told > 0 }.map { ($0.key, Double($0.value.told) / 8) }.sorted {
            $0.level > $1.level
        }
    }

    /// Closes the window when its time has come, and answers whose level changed: 0 to 1, 0 = silent.
    mutating func advance(to now: MonotonicTime) -> [(sid: ParticipantSID, level: Double)] {
        guard let end = windowEnd, now >= end else { return [] }
        var changes = silenced.map { (sid: $0, level: 0.0) }
        silenced = []
        for (sid, var voice) in voices {
            // Two fifths of the window.
            let isActive = voice.active * 5 >= Self.window * 2
            let level = isActive ? Self.linear(voice.loudest) : 0
            voice.smoothed += (level - voice.smoothed) / 2
            // A first loud window counts at once; only the fading is smoothed to silence.
            let eighths = isActive ? max(1, Int((voice.smoothed * 8).rounded(.up))) : 0
            if eighths != voice.told { changes.append((sid, Double(eighths) / 8)) }
            voice.told = eighths
            voice.active = .zero
            voice.loudest = 127
            voices[sid] = voice.smoothed < 0.001 && eighths == 0 ? nil : voice
        }
        windowEnd = voices.isEmpty ? nil : now + Self.window
        return changes.sorted { $0.level > $1.level }
    }

    /// Loudness as a share of full scale.
    private static func linear(_ level: UInt8) -> Double {
        pow(10, -Double(level) / 20)
    }
}
