internal import Codecs
internal import MediaCore
internal import PeerConnection
internal import RTP

/// The way of a local audio track: one thread that reads, processes, encodes and hands over.
///
/// The device is opened before the track is announced, so that a microphone that does not open is an error of
/// `publish`. While muted the device is read on and nothing is sent.
final class AudioPublisher: Sendable {
    /// Where encoded sound goes.
    struct Destination: Sendable {
        let peer: PeerConnection
        let mid: MediaID
    }

    /// Whether sound is sent.
    let isMuted = AtomicFlag()
    /// Ends reading.
    let stop = StopSignal()
    /// What was sent.
    let counters = AudioSendCounters()

    /// So many of a hundred packets are expected to get lost. Any thread.
    let expectedLossPercent = AtomicNumber()

    private let track: LocalAudioTrack
    let options: AudioPublishOptions
    private let processor: AudioProcessor?
    private let playbackDelay: AtomicNumber
    private let opening = LatestValue<Result<Void, RoomError>>()
    private let destination = LatestValue<Destination>()

    /// `playbackDelay`: microseconds until a sample given to the speaker is heard, for the echo canceller.
    init(
        track: LocalAudioTrack, options: AudioPublishOptions, processor: AudioProcessor?,
        playbackDelay: AtomicNumber
    ) {
        self.track = track
        self.options = options
        self.processor = options.isProcessed ? processor : nil
        self.playbackDelay = playbackDelay
    }

    /// Returns when the device is open; throws when it cannot be opened.
    func opened() async throws(RoomError) {
        let outcome = await opening.next()
        try (outcome ?? .failure(RoomError(.cancelled, "Opening the microphone was cancelled."))).get()
    }

    /// Says where to send; sending starts.
    func start(_ destination: Destination) { self.destination.store(destination) }

    /// Reads and sends until stopped or the source ends. Runs on the microphone thread.
    func run() async {
        let input: any AudioInput
        let encoder: OpusEncoder
        do {
            input = try track.source.open()
            encoder = try OpusEncoder(settings: encoderSettings)
        } catch {
            opening.store(.failure(RoomError(.media, "\(error)", underlying: error)))
            return
        }
        opening.store(.success(()))
        if let destination = await destination.next() { pump(input, encoder, destination) }
        input.close()
    }

    private var encoderSettings: OpusEncoderSettings {
        OpusEncoderSettings(
            channelCount: 1, bitrate: options.bitrate, isVoice: options.source == .microphone,
            correctsErrors: true, omitsSilence: options.dtx, expectedLossPercent: 0)
    }

    /// Twice 10 ms from the device become one packet of 20 ms.
    private func pump(_ input: any AudioInput, _ encoder: OpusEncoder, _ destination: Destination) {
        let samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: OpusEncoder.samplesPerPacket)
        defer { samples.deallocate() }
        let half = samples.count / 2
        var timestamp = UInt32.random(in: .min ... .max)
        var preparedFor = 0
        while !Task.isCancelled {
            if expectedLossPercent.value != preparedFor {
                preparedFor = expectedLossPercent.value
                encoder.set(expectedLossPercent: preparedFor)
            }
            for start in [0, half] {
                let period = UnsafeMutableBufferPointer(rebasing: samples[start..<start + half])
                guard (try? input.read(period)) == true, !Task.isCancelled else { return }
                process(period, delay: input.delay)
            }
            send(UnsafeBufferPointer(samples), timestamp: timestamp, encoder, destination)
            timestamp &+= UInt32(samples.count)
        }
    }

    private func process(_ period: UnsafeMutableBufferPointer<Int16>, delay: Duration) {
        guard let processor else { return }
        _ = processor.capture(period, delay: delay + .microseconds(playbackDelay.value))
    }

    private func send(
        _ samples: UnsafeBufferPointer<Int16>, timestamp: UInt32, _ encoder: OpusEncoder,
        _ destination: Destination
    ) {
        let level = AudioLevelMeter.level(of: samples)
        counters.level.value = Int(level)
        guard !isMuted.isSet else { return }
        var bytes: [UInt8] = []
        guard (try? encoder.encode(samples, into: &bytes)) != nil, !bytes.isEmpty else { return }
        counters.packets.add(1)
        counters.bytes.add(bytes.count)
        let frame = EncodedFrame(
            codec: .opus, bytes: bytes, isKeyframe: true, timestamp: timestamp, captureTime: SystemClock.now)
        destination.peer.send(
            frame, on: destination.mid, audioLevel: AudioLevel(level: level, isVoice: level < 50))
    }
}

/// What an audio publisher has done so far; written by its thread.
final class AudioSendCounters: Sendable {
    let packets = AtomicNumber()
    let bytes = AtomicNumber()
    /// Loudness of the last 20 ms in -dBov, 127 = silence.
    let level = AtomicNumber(127)
}
