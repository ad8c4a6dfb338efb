/// A stretch of sound: interleaved signed 16-bit samples.
///
/// Inside the mixer it is always 10 ms, 48 kHz, mono. This is what taps and bots see; the audio threads themselves
/// work on borrowed buffers.
public struct AudioFrame: Sendable {
    /// Interleaved samples, `samplesPerChannel * channelCount` of them.
    public var samples: [Int16]
    /// Samples per second and channel.
    public var sampleRate: Int
    /// Number of interleaved channels, 1 or 2.
    public var channelCount: Int

    /// Makes a frame of given samples.
    public init(samples: [Int16], sampleRate: Int = 48_000, channelCount: Int = 1) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// Length in samples of one channel.
    public var samplesPerChannel: Int { channelCount == 0 ? 0 : samples.count / channelCount }

    /// Length in time.
    public var duration: Duration {
        sampleRate == 0
            ? .zero : .nanoseconds(Int64(samplesPerChannel) * 1_000_000_000 / Int64(sampleRate))
    }
}
