/// Where sound comes from: a microphone, a file, a tone, a speech synthesizer.
///
/// A source is a description that may be passed around; `open` is called on the audio thread that will read it.
public protocol AudioSource: Sendable {
    /// Opens the device. Throws when that fails.
    func open() throws -> any AudioInput
}

/// An open audio source. Used by one thread only; closed by its `deinit` or `close()`.
public protocol AudioInput: AnyObject {
    /// Waits for the next 10 ms and writes them: exactly 480 mono samples at 48 kHz. It keeps real time: the device
    /// (or a clock) sets the pace. Returns false when there is no more sound; throws when the device fails.
    func read(_ period: UnsafeMutableBufferPointer<Int16>) throws -> Bool

    /// How old the newest sample is when `read` returns, for echo cancelling and lip sync.
    var delay: Duration { get }

    /// Releases the device; nothing is called afterwards.
    func close()
}
