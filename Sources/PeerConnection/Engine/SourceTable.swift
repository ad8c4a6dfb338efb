import RTP

/// Which section and stream each source belongs to.
///
/// A plain list: a connection has a handful of sources, and the one of the last packet is most
/// likely the next.
struct SourceTable: Sendable {
    /// Where packets of a source go.
    struct Route: Sendable, Hashable {
        /// Index of the section among those that receive.
        var section: Int
        /// The source of the stream, which for repeats is not that of the packet.
        var stream: SSRC
    }

    private var sources: [SSRC] = []
    private var routes: [Route] = []

    /// Where packets of `source` go.
    func route(of source: SSRC) -> Route? {
        guard let index = sources.firstIndex(of: source) else { return nil }
        return routes[index]
    }

    /// Sends packets of `source` there from now on.
    mutating func bind(_ source: SSRC, to route: Route) {
        if let index = sources.firstIndex(of: source) {
            routes[index] = route
        } else {
            sources.append(source)
            routes.append(route)
        }
    }

    /// Forgets a stream together with its repeats.
    mutating func removeAll(of stream: SSRC) {
        for index in routes.indices.reversed() where routes[index].stream == stream {
            sources.remove(at: index)
            routes.remove(at: index)
        }
    }
}
