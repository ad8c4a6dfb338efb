internal import MediaCore

/// Adds up what all voices say in one period. Used on the speaker thread only.
final class AudioMixer {
    private var voices: [AudioVoice] = []
    private var sum = [Int32](repeating: 0, count: AudioMixer.samplesPerPeriod)
    private let voicePeriod = UnsafeMutableBufferPointer<Int16>.allocate(
        capacity: AudioMixer.samplesPerPeriod)

    /// 10 ms at 48 kHz.
    static let samplesPerPeriod = 480

    deinit { voicePeriod.deallocate() }

    /// Somebody may be heard from now on.
    func add(_ voice: AudioVoice) { voices.append(voice) }

    /// Somebody is not heard any more.
    func remove(_ receiver: AudioReceiver) { voices.removeAll { $0.receiver === receiver } }

    /// Writes the next 10 ms of everybody, clipped, not wrapped. `playbackDelay`: until it will be heard.
    func mix(into period: UnsafeMutableBufferPointer<Int16>, at now: MonotonicTime, playbackDelay: Duration) {
        for index in sum.indices { sum[index] = 0 }
        for voice in voices {
            let gain = Int32(clamping: voice.receiver.volume.value)
            guard voice.render(into: voicePeriod, at: now, playbackDelay: playbackDelay) else { continue }
            for index in sum.indices { sum[index] &+= Int32(voicePeriod[index]) &* gain / 1_000 }
        }
        for index in 0..<min(period.count, sum.count) { period[index] = Int16(clamping: sum[index]) }
    }
}
