internal import LiveKitProtocol
internal import WebSocket

/// What is asked of the server when connecting.
struct SignalOptions: Sendable {
    /// As the user gave it: any of four schemes, perhaps with a path.
    var url: String
    /// The access token.
    var token: String
    /// Whether the server subscribes to everything by itself.
    var autoSubscribe = true
    /// Whether the client will say how large it shows each track.
    var adaptiveStream = false
    /// The first offer, so that the answer follows the join at once; only for a single peer connection.
    var publisherOffer: Livekit_SessionDescription?
    /// HTTP proxies, as the environment names them.
    var proxy: ProxyOptions?
    /// PEM file of authorities to trust besides those of the system.
    var certificateAuthorityFile: String?

    /// The settings of the layer below.
    var network: NetworkSettings {
        NetworkSettings(
            proxies: ProxySettings(secure: proxy?.https, plain: proxy?.http, exceptions: proxy?.exceptions),
            authorities: certificateAuthorityFile)
    }
}
