internal import LiveKitProtocol
public import MediaCore

/// In what a track of pictures is sent to those who cannot decode its codec.
public enum BackupCodec: Hashable, Sendable {
    /// VP8 beside VP9 and AV1, which not everybody decodes; nothing beside VP8 and H.264.
    case automatic
    /// Nothing: they do not see the track.
    case none
    /// This codec.
    case codec(MediaCodec)
}

/// What those who could go on with the codec of a track get when somebody needs its backup codec.
///
/// The server decides, and moves them: nothing is asked of the publisher but what he is to encode.
public enum BackupCodecPolicy: Hashable, Sendable {
    /// What the server prefers: small rooms go over to the backup codec, so that only one is encoded; large ones have both.
    case preferRegression
    /// The codec of the track: both are encoded.
    case simulcast
    /// The backup codec: only that is encoded from then on.
    case regression
}

extension BackupCodecPolicy {
    var proto: Livekit_BackupCodecPolicy {
        switch self {
        case .preferRegression: .preferRegression
        case .simulcast: .simulcast
        case .regression: .regression
        }
    }
}

extension VideoPublishOptions {
    /// The backup codec that they come to; `nil` = none.
    var chosenBackupCodec: MediaCodec? {
        let chosen: MediaCodec? =
            switch backupCodec {
            case .automatic: codec == .vp9 || codec == .av1 ? .vp8 : nil
            case .none: nil
            case .codec(let codec): codec
            }
        guard let chosen, chosen.isVideo, chosen != codec else { return nil }
        return chosen
    }
}
