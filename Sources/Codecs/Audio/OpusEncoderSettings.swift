package import MediaCore

/// What an Opus encoder is opened with.
package struct OpusEncoderSettings: Hashable, Sendable {
    /// Interleaved channels, 1 or 2.
    package var channelCount: Int
    /// Mean rate while somebody speaks.
    package var bitrate: Bitrate
    /// Whether it is known to be a voice, and not perhaps music.
    package var isVoice: Bool
    /// Whether packets carry a coarse copy of the one before (in-band FEC, RFC 6716 §2.1.7).
    package var correctsErrors: Bool
    /// Whether silence is sent as nothing at all (DTX, RFC 6716 §2.1.9).
    package var omitsSilence: Bool
    /// Share of packets that the encoder prepares for losing, 0...100.
    package var expectedLossPercent: Int

    /// Makes settings.
    package init(
        channelCount: Int = 1, bitrate: Bitrate = .kilobits(48), isVoice: Bool = true,
        correctsErrors: Bool = true,
        omitsSilence: Bool = true, expectedLossPercent: Int = 10
    ) {
        self.channelCount = channelCount
        self.bitrate = bitrate
        self.isVoice = isVoice
        self.correctsErrors = correctsErrors
        self.omitsSilence = omitsSilence
        self.expectedLossPercent = expectedLossPercent
    }
}
