import CALSA
import Glibc
import MediaCore

/// An open ALSA PCM: 48 kHz, mono, 16 bits, periods of 10 ms, non-blocking. Used by one thread.
///
/// A device that does not take that format itself is opened once more through ALSA's `plug` converter.
final class PCMDevice {
    enum Direction {
        case capture, playback

        var stream: snd_pcm_stream_t { self == .capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK }
        /// Samples the device may hold: little for playback, where it is delay; much for capture, where it is
        /// patience.
        var bufferSize: UInt { self == .capture ? 9_600 : 1_920 }
    }

    static let periodSize = 480
    /// How long an open device may deliver or take nothing before it counts as lost.
    private static let patience: Duration = .seconds(3)

    let name: String
    private let direction: Direction
    // Owned: closed in `deinit`.
    private let handle: OpaquePointer
    /// How often the device ran empty or over.
    private(set) var xruns = 0

    init(name: String, direction: Direction) throws(DeviceError) {
        self.name = name
        self.direction = direction
        rk_alsa_silence_messages()
        handle = try openConfigured(name, direction)
        if direction == .capture { snd_pcm_start(handle) }
    }

    deinit {
        snd_pcm_close(handle)
    }

    /// Fills the buffer; waits as long as it takes. False when the task was cancelled.
    func read(into samples: UnsafeMutableBufferPointer<Int16>) throws(DeviceError) -> Bool {
        guard let base = samples.baseAddress else { return true }
        return try transfer(samples.count) { done, count in
            snd_pcm_readi(handle, base + done, snd_pcm_uframes_t(count))
        }
    }

    /// Writes the buffer; waits while the device is full. False when the task was cancelled.
    func write(_ samples: UnsafeBufferPointer<Int16>) throws(DeviceError) -> Bool {
        guard let base = samples.baseAddress else { return true }
        return try transfer(samples.count) { done, count in
            snd_pcm_writei(handle, base + done, snd_pcm_uframes_t(count))
        }
    }

    /// Time between the application and the loudspeaker or microphone, as the driver reports it.
    var delay: Duration {
        var frames: snd_pcm_sframes_t = 0
        guard snd_pcm_delay(handle, &frames) == 0 else { return .zero }
        return .nanoseconds(Int64(max(0, frames)) * 1_000_000_000 / 48_000)
    }

    /// Waits until everything written was heard, at most 200 ms: a device that hangs must not hang the
    /// program.
    func drain() {
        var turns = 20
        while turns > 0, snd_pcm_state(handle) == SND_PCM_STATE_RUNNING, delay > .zero {
            usleep(10_000)
            turns -= 1
        }
        snd_pcm_drop(handle)
    }

    /// Moves `count` samples by calls of `step(done, remaining)`, through full buffers and xruns.
    private func transfer(
        _ count: Int, _ step: (Int, Int) -> snd_pcm_sframes_t
    ) throws(DeviceError) -> Bool {
        var done = 0
        var idleSince: MonotonicTime?
        while done < count {
            if Task.isCancelled { return false }
            let moved = step(done, count - done)
            if moved > 0 {
                done += moved
                idleSince = nil
            } else if moved == 0 || moved == -Int(EAGAIN) {
                let now = SystemClock.now
                let since = idleSince ?? now
                idleSince = since
                guard now - since < Self.patience else { throw .lost(device: name, reason: "it hangs") }
                waitUntilReady()
            } else {
                try recover(from: Int32(truncatingIfNeeded: moved))
            }
        }
        return true
    }

    private func waitUntilReady() {
        // Some plugins say "ready" and then move nothing: a short sleep keeps that from spinning.
        if snd_pcm_wait(handle, 10) == 1, snd_pcm_avail_update(handle) == 0 { usleep(1_000) }
    }

    private func recover(from error: Int32) throws(DeviceError) {
        xruns += 1
        let status = snd_pcm_recover(handle, error, 1)
        guard status >= 0 else { throw .lost(device: name, reason: alsaMessage(status)) }
        if direction == .capture { snd_pcm_start(handle) }
    }

    /// What the hardware itself can do; empty when it is busy or absent.
    static func formats(of name: String, _ direction: Direction) -> [DeviceFormat] {
        var handle: OpaquePointer?
        guard snd_pcm_open(&handle, name, direction.stream, Int32(SND_PCM_NONBLOCK)) == 0, let handle else {
            return []
        }
        defer { snd_pcm_close(handle) }
        var parameters: OpaquePointer?
        guard snd_pcm_hw_params_malloc(&parameters) == 0, let parameters else { return [] }
        defer { snd_pcm_hw_params_free(parameters) }
        var (low, high, channels, direction) = (UInt32(0), UInt32(0), UInt32(0), Int32(0))
        guard snd_pcm_hw_params_any(handle, parameters) >= 0,
            snd_pcm_hw_params_get_rate_min(parameters, &low, &direction) == 0,
            snd_pcm_hw_params_get_rate_max(parameters, &high, &direction) == 0,
            snd_pcm_hw_params_get_channels_max(parameters, &channels) == 0, low <= high
        else { return [] }
        return [.audio(rates: Int(low)...Int(high), channelCount: Int(channels))]
    }
}

private func openConfigured(_ name: String, _ direction: PCMDevice.Direction) throws(DeviceError)
    -> OpaquePointer
{
    var status: Int32 = 0
    for candidate in [name, "plug:'\(name)'"] {
        var handle: OpaquePointer?
        status = snd_pcm_open(&handle, candidate, direction.stream, Int32(SND_PCM_NONBLOCK))
        guard status == 0, let handle else { break }
        status = configure(handle, direction)
        if status >= 0 { return handle }
        snd_pcm_close(handle)
    }
    throw .cannotOpen(device: name, reason: alsaMessage(status))
}

/// Sets format, period and thresholds; a negative ALSA error when the device does not do it.
private func configure(_ handle: OpaquePointer, _ direction: PCMDevice.Direction) -> Int32 {
    var parameters: OpaquePointer?
    guard snd_pcm_hw_params_malloc(&parameters) == 0, let parameters else { return -ENOMEM }
    defer { snd_pcm_hw_params_free(parameters) }
    var period = snd_pcm_uframes_t(PCMDevice.periodSize)
    var buffer = snd_pcm_uframes_t(direction.bufferSize)
    let steps: [() -> Int32] = [
        { snd_pcm_hw_params_any(handle, parameters) },
        { snd_pcm_hw_params_set_access(handle, parameters, SND_PCM_ACCESS_RW_INTERLEAVED) },
        { snd_pcm_hw_params_set_format(handle, parameters, SND_PCM_FORMAT_S16_LE) },
        { snd_pcm_hw_params_set_channels(handle, parameters, 1) },
        { snd_pcm_hw_params_set_rate(handle, parameters, 48_000, 0) },
        { snd_pcm_hw_params_set_period_size_near(handle, parameters, &period, nil) },
        { snd_pcm_hw_params_set_buffer_size_near(handle, parameters, &buffer) },
        { snd_pcm_hw_params(handle, parameters) },
    ]
    for step in steps {
        let status = step()
        if status < 0 { return status }
    }
    return setThresholds(handle, direction, period: period, buffer: buffer)
}

/// Playback starts when two periods are there; both directions wake up once per period.
private func setThresholds(
    _ handle: OpaquePointer, _ direction: PCMDevice.Direction, period: snd_pcm_uframes_t,
    buffer: snd_pcm_uframes_t
) -> Int32 {
    var parameters: OpaquePointer?
    guard snd_pcm_sw_params_malloc(&parameters) == 0, let parameters else { return -ENOMEM }
    defer { snd_pcm_sw_params_free(parameters) }
    let start = direction == .playback ? min(2 * period, buffer) : 1
    var status = snd_pcm_sw_params_current(handle, parameters)
    if status >= 0 { status = snd_pcm_sw_params_set_start_threshold(handle, parameters, start) }
    if status >= 0 { status = snd_pcm_sw_params_set_avail_min(handle, parameters, min(period, buffer)) }
    if status >= 0 { status = snd_pcm_sw_params(handle, parameters) }
    return status < 0 ? status : snd_pcm_prepare(handle)
}

private func alsaMessage(_ status: Int32) -> String {
    snd_strerror(status).map { String(cString: $0) } ?? "ALSA error \(status)"
}
