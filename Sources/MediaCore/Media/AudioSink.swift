/// Where sound goes: a speaker or a file.
///
/// A sink is a description that may be passed around; `open` is called on the audio thread that will feed it.
public protocol AudioSink: Sendable {
    /// Opens the device. Throws when that fails.
    func open() throws -> any AudioOutput
}

/// An open audio sink. Used by one thread only; closed by its `deinit` or `close()`.
public protocol AudioOutput: AnyObject {
    /// Writes 10 ms: exactly 480 mono samples at 48 kHz. Waits while the device is full, so it keeps real time.
    func write(_ period: UnsafeBufferPointer<Int16>) throws

    /// How long it takes until a sample written now is heard.
    var delay: Duration { get }

    /// Plays or writes out what is left and releases the device; nothing is called afterwards.
    func close()
}
