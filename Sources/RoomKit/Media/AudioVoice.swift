internal import Codecs
internal import MediaCore
internal import RTP

/// One remote track on the speaker thread: jitter buffer, decoder, and the sound that waits to be played.
final class AudioVoice {
    let receiver: AudioReceiver
    private let decoder: OpusDecoder
    private var jitter = AudioJitterBuffer()
    private var sound = StretchableSound()
    private var lastSampleCount = 960
    /// The packet decoded in this period, and how many samples are played before its first.
    private var heard: (timestamp: UInt32, samplesAhead: Int)?
    private var renderers = SinkList<any AudioRenderer>.Snapshot()
    private let decoded = UnsafeMutableBufferPointer<Int16>.allocate(capacity: OpusDecoder.maximumSamples)

    /// Fails when no decoder can be made.
    init?(_ receiver: AudioReceiver) {
        guard let decoder = try? OpusDecoder() else { return nil }
        self.receiver = receiver
        self.decoder = decoder
    }

    deinit { decoded.deallocate() }

    /// Writes the next 10 ms; false when there is nothing to hear.
    func render(
        into period: UnsafeMutableBufferPointer<Int16>, at now: MonotonicTime, playbackDelay: Duration
    ) -> Bool {
        while let packet = receiver.packets.next() { jitter.receive(packet) }
        jitter.pictureLag = receiver.sync.audioLag(at: now)
        var isSilent = false
        while sound.count < period.count {
            guard decodeNext(for: period.count, at: now + Self.duration(of: sound.count)) else {
                isSilent = sound.count == 0
                sound.append(silence: period.count - sound.count)
                break
            }
        }
        sound.play(into: period)
        receiver.counters.delayMilliseconds.value = Int(jitter.targetDelay.inMilliseconds)
        if let position = heard.take() {
            let ahead = playbackDelay + Self.duration(of: position.samplesAhead)
            receiver.sync.audioPlayed(timestamp: position.timestamp, at: now + ahead)
        }
        tell(period)
        return !isSilent
    }

    /// Adds the next stretch of sound, which will be played at `now`; false when there is none.
    private func decodeNext(for wanted: Int, at now: MonotonicTime) -> Bool {
        switch jitter.next(at: now) {
        case .packet(let packet, let tempo):
            append((try? decoder.decode(packet.bytes, into: decoded)) ?? 0)
            lastSampleCount = packet.sampleCount
            adjust(to: tempo)
            // What was decoded last is heard after all that waits before it and the device's own delay.
            heard = (UInt32(truncatingIfNeeded: packet.timestamp), sound.count - packet.sampleCount)
        case .lost(let next, let tempo):
            append(recover(from: next))
            adjust(to: tempo)
        case .late:
            let added = sound.drawOut(atLeast: wanted - sound.count)
            receiver.counters.concealedMilliseconds.add(added / 48)
            return added > 0
        case .silence(.discontinuous):
            // The sender pauses: the decoder makes the noise of the room it was in.
            append((try? decoder.conceal(into: UnsafeMutableBufferPointer(rebasing: decoded[..<480]))) ?? 0)
        case .silence(.waiting):
            return false
        }
        return true
    }

    private func adjust(to tempo: AudioTempo) {
        switch tempo {
        case .even: break
        case .faster(let place): _ = sound.shorten(Self.place(place))
        case .slower(let place): _ = sound.lengthen(Self.place(place))
        }
    }

    private static func place(_ place: AudioTempoPlace) -> StretchableSound.Place {
        switch place {
        case .pause: .pause
        case .repetition: .repetition
        case .anywhere: .anywhere
        }
    }

    /// The copy in the next packet if there is one, else made-up sound.
    private func recover(from next: ReceivedAudioPacket?) -> Int {
        let lost = UnsafeMutableBufferPointer(rebasing: decoded[..<lastSampleCount])
        if let next, let count = try? decoder.decodeFEC(from: next.bytes, into: lost) {
            receiver.counters.recovered.add(1)
            return count
        }
        receiver.counters.concealedMilliseconds.add(lastSampleCount / 48)
        return (try? decoder.conceal(into: lost)) ?? 0
    }

    private func append(_ count: Int) {
        sound.append(UnsafeBufferPointer(rebasing: decoded[..<max(0, min(count, decoded.count))]))
    }

    private static func duration(of samples: Int) -> Duration {
        .nanoseconds(Int64(samples) * 1_000_000_000 / 48_000)
    }

    private func tell(_ period: UnsafeMutableBufferPointer<Int16>) {
        receiver.counters.level.value = Int(AudioLevelMeter.level(of: UnsafeBufferPointer(period)))
        receiver.renderers.refresh(&renderers)
        guard !renderers.sinks.isEmpty else { return }
        let frame = AudioFrame(samples: Array(period))
        for renderer in renderers.sinks { renderer.render(frame) }
    }
}
