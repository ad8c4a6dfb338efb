import CAudioProcessingShim
import MediaCore

/// Which parts of the audio processor work.
package struct AudioProcessorSettings: Hashable, Sendable {
    /// Removes what the speaker plays from what the microphone hears.
    package var cancelsEcho: Bool
    /// Removes steady noise.
    package var suppressesNoise: Bool
    /// Brings speech to an even level.
    package var controlsGain: Bool
    /// Removes rumble below speech.
    package var filtersLowFrequencies: Bool

    /// Makes settings.
    package init(
        cancelsEcho: Bool = true, suppressesNoise: Bool = true, controlsGain: Bool = true,
        filtersLowFrequencies: Bool = true
    ) {
        self.cancelsEcho = cancelsEcho
        self.suppressesNoise = suppressesNoise
        self.controlsGain = controlsGain
        self.filtersLowFrequencies = filtersLowFrequencies
    }
}

/// Cleans the microphone's sound by webrtc-audio-processing: echo, noise, gain.
///
/// 10 ms of mono sound at 48 kHz at a time. `capture` belongs to the microphone thread, `render` to the
/// speaker thread; the library serialises the two by one lock, held for at most a capture call (about 0.1
/// ms).
package final class AudioProcessor: Sendable {
    /// Samples in one period.
    package static let samplesPerPeriod = 480

    // SAFETY: every call of the library locks its own mutex around its whole body; freed by the last
    // reference.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Makes a processor.
    package init(settings: AudioProcessorSettings = AudioProcessorSettings()) throws(CodecError) {
        guard let handle = cap_create() else { throw .unavailable(codec: "audio processing", code: 0) }
        self.handle = handle
        set(settings)
    }

    deinit {
        cap_destroy(handle)
    }

    /// Switches parts on and off. Any thread, also during a call.
    package func set(_ settings: AudioProcessorSettings) {
        cap_configure(
            handle, settings.cancelsEcho, settings.suppressesNoise, settings.controlsGain,
            settings.filtersLowFrequencies)
    }

    /// Cleans what the microphone heard, in place. `delay` is how long it takes from `render` to the
    /// speaker plus from the microphone to here; a value that is right to some 50 ms makes the canceller
    /// converge at once. Returns false, and leaves the sound as it is, when the period is not 10 ms.
    @discardableResult
    package func capture(_ period: UnsafeMutableBufferPointer<Int16>, delay: Duration) -> Bool {
        guard period.count == Self.samplesPerPeriod, let samples = period.baseAddress else { return false }
        // The library's own limits.
        let milliseconds = min(max(delay.inNanoseconds / 1_000_000, 0), 500)
        return cap_capture(handle, samples, Int32(milliseconds)) == 0
    }

    /// Tells what the speaker is about to play. Returns false when the period is not 10 ms.
    @discardableResult
    package func render(_ period: UnsafeBufferPointer<Int16>) -> Bool {
        guard period.count == Self.samplesPerPeriod, let samples = period.baseAddress else { return false }
        return cap_render(handle, samples) == 0
    }
}
