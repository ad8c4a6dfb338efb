/// Decoded sound that waits to be played and can become shorter or longer without a change of pitch.
///
/// Time is taken out and put in by whole periods of the sound: where it resembles itself after a while, the two places are
/// faded into one another (waveform similarity overlap-add). So the ear hears a voice that speaks a little faster
/// or slower, and a tone keeps its phase. What has been played stays for a moment as the example that `drawOut` goes on with
/// when nothing follows. One thread only; no allocation once it is warm. Samples are 48 kHz mono.
package struct StretchableSound {
    /// Where sound may become shorter or longer.
    package enum Place: Sendable {
        /// Where all but nothing is heard, and has not been for a while: between words, not inside of them.
        case pause
        /// Also where the sound is nearly the same after a period.
        case repetition
        /// Where it is only a little alike, too: waiting longer would be worse.
        case anywhere

        fileprivate var leastSimilarity: Float? {
            switch self {
            case .pause: nil
            case .repetition: 0.85
            case .anywhere: 0.4
            }
        }
    }

    /// What is so much fainter than the loudest sound of late, 26 dB, is a pause.
    private static let pauseShare: Float = 1 / 400
    /// What has been a pause for so long, 60 ms, is one between words.
    private static let leastPause = 2_880
    /// What is left of the loudest sound after a packet of 20 ms: 3 dB less after a second.
    private static let loudnessMemory: Float = 0.986
    /// Played samples that stay: enough to find the longest period in.
    private static let memory = SoundPeriod.longest + SoundPeriod.overlap
    /// Played samples that may pile up before they are thrown away together.
    private static let slack = 4_800
    /// A sound drawn out is as loud as before so long, 40 ms,
    private static let steadyLength = 1_920
    /// and has died away after 160 ms.
    private static let longestLength = 7_680
    /// How long sound takes to come back after it died away: 5 ms.
    private static let returnLength = 240

    private var samples: [Int16] = []
    /// Index of the next sample to be played.
    private var start = 0
    /// The period that is repeated while nothing follows, and how many samples it has been so far.
    private var repeated: [Int16] = []
    private var drawnOut = 0
    /// Mean square of the loudest packet of late.
    private var loudness: Float = 0
    /// Samples in a row, up to the newest, that came in packets without anything to hear.
    private var faintCount = 0

    /// Makes an empty one.
    package init() {
        samples.reserveCapacity(Self.slack + Self.memory + 4 * OpusDecoder.maximumSamples)
        repeated.reserveCapacity(SoundPeriod.longest)
    }

    /// Samples that wait to be played.
    package var count: Int { samples.count - start }

    /// Adds what was decoded.
    package mutating func append(_ decoded: UnsafeBufferPointer<Int16>) {
        let gain = Self.gain(after: drawnOut)
        let first = samples.count
        let energy = SoundPeriod.energy(of: decoded.span)
        loudness = max(loudness * Self.loudnessMemory, energy)
        faintCount = isFaint(energy) ? faintCount + decoded.count : 0
        samples.append(contentsOf: decoded)
        drawnOut = 0
        repeated.removeAll(keepingCapacity: true)
        guard gain < 1 else { return }
        for offset in 0..<min(Self.returnLength, decoded.count) {
            let share = Float(offset) / Float(Self.returnLength)
            samples[first + offset] = Int16(Float(samples[first + offset]) * (gain + (1 - gain) * share))
        }
    }

    /// Adds silence.
    package mutating func append(silence count: Int) {
        samples.append(contentsOf: repeatElement(0, count: max(0, count)))
    }

    /// Moves the oldest samples that wait into `period`, as many as it holds or there are.
    package mutating func play(into period: UnsafeMutableBufferPointer<Int16>) {
        let taken = min(period.count, count)
        for index in 0..<taken { period[index] = samples[start + index] }
        start += taken
        guard start > Self.slack + Self.memory else { return }
        samples.removeFirst(start - Self.memory)
        start = Self.memory
    }

    /// Takes one period out of what waits; answers how many samples that were, 0 where it would be heard.
    package mutating func shorten(_ place: Place) -> Int {
        guard let period = period(at: place) else { return 0 }
        fade(at: start, into: start + period)
        samples.removeSubrange(start + SoundPeriod.overlap..<start + SoundPeriod.overlap + period)
        return period
    }

    /// Puts one period into what waits; answers how many samples that were, 0 where it would be heard.
    package mutating func lengthen(_ place: Place) -> Int {
        guard let period = period(at: place) else { return 0 }
        samples.reserveCapacity(samples.count + period)
        samples.append(contentsOf: repeatElement(0, count: period))
        for index in stride(from: samples.count - 1, through: start + period, by: -1) {
            samples[index] = samples[index - period]
        }
        // The first period is played, then fades from its own continuation into itself.
        for offset in 0..<SoundPeriod.overlap {
            let index = start + period + offset
            samples[index] = Self.mix(samples[index + period], samples[index], offset)
        }
        return period
    }

    /// Goes on with the last sound for at least `count` samples, in whole periods, so that what comes next fits; it dies
    /// away when that happens again and again. Answers how many samples were added: 0 when nothing was heard before.
    package mutating func drawOut(atLeast count: Int) -> Int {
        if repeated.isEmpty, !chooseRepeated() { return 0 }
        var added = 0
        while added < count {
            for sample in repeated {
                samples.append(Int16(Float(sample) * Self.gain(after: drawnOut)))
                drawnOut += 1
            }
            added += repeated.count
        }
        return added
    }

    private func period(at place: Place) -> Int? {
        let room = min(samples.count - start - SoundPeriod.overlap, SoundPeriod.longest)
        guard room >= SoundPeriod.shortest else { return nil }
        let ahead = samples.span.extracting(start..<start + room + SoundPeriod.overlap)
        if faintCount >= Self.leastPause, isFaint(SoundPeriod.energy(of: ahead)) { return room }
        guard let least = place.leastSimilarity else { return nil }
        let found = SoundPeriod.find(after: start, in: samples.span)
        return found.flatMap { $0.similarity >= least ? $0.length : nil }
    }

    private func isFaint(_ energy: Float) -> Bool {
        energy <= max(loudness * Self.pauseShare, SoundPeriod.inaudibleEnergy)
    }

    /// Takes the period that the last samples repeat, with its begin bent to where the last sample ended.
    private mutating func chooseRepeated() -> Bool {
        guard let period = SoundPeriod.find(beforeEndOf: samples.span)?.length, samples.count > period else {
            return false
        }
        let (end, overlap) = (samples.count, SoundPeriod.overlap)
        repeated.append(contentsOf: samples[(end - period)...])
        let step = Float(samples[end - 1]) - Float(samples[end - period - 1])
        for offset in 0..<min(overlap, repeated.count) {
            let rest = 1 - Float(offset) / Float(overlap)
            repeated[offset] = Int16(clamping: Int(Float(repeated[offset]) + step * rest * rest))
        }
        return true
    }

    /// Fades the sound at `one` into that at `other`, in place at `one`.
    private mutating func fade(at one: Int, into other: Int) {
        for offset in 0..<SoundPeriod.overlap {
            samples[one + offset] = Self.mix(samples[one + offset], samples[other + offset], offset)
        }
    }

    private static func mix(_ old: Int16, _ new: Int16, _ offset: Int) -> Int16 {
        let share = (Float(offset) + 0.5) / Float(SoundPeriod.overlap)
        return Int16(Float(old) * (1 - share) + Float(new) * share)
    }

    /// How loud a sound is that has been drawn out by so many samples.
    private static func gain(after drawnOut: Int) -> Float {
        guard drawnOut > steadyLength else { return 1 }
        return max(0, Float(longestLength - drawnOut) / Float(longestLength - steadyLength))
    }
}
