internal import Codecs
internal import MediaCore

/// The speaker thread: every 10 ms it mixes all voices, shows the mix to the echo canceller, and writes it out.
///
/// Without a speaker, and when the speaker fails, it goes on in real time with nobody listening: renderers and recorders
/// still get their sound.
final class AudioPlayer: Sendable {
    private enum Command: Sendable {
        case add(AudioReceiver)
        case remove(AudioReceiver)
    }

    /// Microseconds until a sample given to the speaker now is heard.
    let playbackDelay = AtomicNumber()
    /// Whether nothing is played, for everybody at once.
    let isDeafened = AtomicFlag()
    /// Says what is wrong with the speaker, in one sentence.
    private let report: @Sendable (String) -> Void
    private let commands = SPSCRing<Command>(capacity: 256)
    private let sink: (any AudioSink)?
    private let processor: AudioProcessor?

    init(
        sink: (any AudioSink)?, processor: AudioProcessor?, report: @escaping @Sendable (String) -> Void
    ) {
        self.sink = sink
        self.processor = processor
        self.report = report
    }

    /// Lets a track be heard. Called by one owner only.
    func add(_ receiver: AudioReceiver) { _ = commands.append(.add(receiver)) }

    /// Ends that. Called by the same owner.
    func remove(_ receiver: AudioReceiver) { _ = commands.append(.remove(receiver)) }

    /// Plays until cancelled. Runs on the speaker thread.
    func run() async {
        var output = open()
        let mixer = AudioMixer()
        let period = UnsafeMutableBufferPointer<Int16>.allocate(capacity: AudioMixer.samplesPerPeriod)
        defer { period.deallocate() }
        while !Task.isCancelled {
            while let command = commands.next() { perform(command, on: mixer) }
            let delay = output.delay
            playbackDelay.value = Int(delay.inNanoseconds / 1_000)
            mixer.mix(into: period, at: SystemClock.now, playbackDelay: delay)
            if isDeafened.isSet { period.update(repeating: 0) }
            _ = processor?.render(UnsafeBufferPointer(period))
            do {
                try output.write(UnsafeBufferPointer(period))
            } catch {
                report("The speaker stopped working: \(error). The call goes on without sound.")
                output.close()
                output = ClockedAudioOutput()
            }
        }
        output.close()
    }

    private func open() -> any AudioOutput {
        guard let sink else { return ClockedAudioOutput() }
        do {
            return try sink.open()
        } catch {
            report("The speaker cannot be opened: \(error). The call goes on without sound.")
            return ClockedAudioOutput()
        }
    }

    private func perform(_ command: Command, on mixer: AudioMixer) {
        switch command {
        case .add(let receiver):
            if let voice = AudioVoice(receiver) { mixer.add(voice) }
        case .remove(let receiver): mixer.remove(receiver)
        }
    }
}
