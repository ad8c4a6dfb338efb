package import MediaCore

/// A WAV file in place of a speaker: what would have been heard, in real time.
package struct FileAudioSink: AudioSink {
    private let path: String

    /// Names the file; it is created or emptied when the sink is opened.
    package init(path: String) {
        self.path = path
    }

    package func open() throws -> any AudioOutput {
        PacedOutput(writer: try WAVWriter(path: path))
    }
}

/// Takes sound in real time and forgets it: a call without a speaker still needs its pace.
package struct NullAudioSink: AudioSink {
    /// Makes the sink.
    package init() {}

    package func open() throws -> any AudioOutput {
        PacedOutput(writer: nil)
    }
}

/// Gives its writer the pace of a sound card: 100 periods a second on the monotonic clock.
private final class PacedOutput: AudioOutput {
    private let writer: WAVWriter?
    private var metronome: Metronome?

    init(writer: WAVWriter?) {
        self.writer = writer
    }

    func write(_ period: UnsafeBufferPointer<Int16>) throws {
        var metronome = metronome ?? Metronome(beatsPerSecond: 100)
        _ = metronome.wait()
        self.metronome = metronome
        try writer?.append(period)
    }

    var delay: Duration { .zero }

    func close() {
        writer?.close()
    }
}
