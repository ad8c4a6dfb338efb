import LiveKitProtocol

/// How the settings of a subscriber name a layer.
enum LayerChoice {
    /// The preference that `settings` express for a track with these layers.
    ///
    /// A size wins over a quality. The lowest layer that reaches nine tenths of the wanted height is the one; none
    /// does: the best there is.
    static func preference(_ settings: Livekit_UpdateTrackSettings, of track: Livekit_TrackInfo)
        -> TrackPreference
    {
        guard !settings.disabled else { return TrackPreference(isEnabled: false) }
        var preference = TrackPreference()
        if settings.fps > 0 { preference.framesPerSecond = Double(settings.fps) }
        if settings.height > 0 || settings.width > 0 {
            preference.layer = layer(width: settings.width, height: settings.height, of: track)
            return preference
        }
        switch settings.quality {
        case .off: return TrackPreference(isEnabled: false)
        case .low: preference.layer = 0
        case .medium: preference.layer = 1
        default: break
        }
        return preference
    }

    private static func layer(width: UInt32, height: UInt32, of track: Livekit_TrackInfo) -> Int? {
        // A portrait picture is compared by its width, which is the shorter side.
        let isPortrait = track.height > track.width
        let wanted = Double(isPortrait ? width : height)
        guard wanted > 0 else { return nil }
        var sizes = track.layers.map { Double(isPortrait ? $0.width : $0.height) }
        if sizes.isEmpty { sizes = [180, 360, Double(isPortrait ? track.width : track.height)] }
        return sizes.firstIndex { $0 >= 0.9 * wanted }
    }
}
