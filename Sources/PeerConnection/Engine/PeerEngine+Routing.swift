import RTP

extension PeerEngine {
    /// Which section and stream a packet belongs to (RFC 8843 §9.2): its source if it is known,
    /// else what its header says, else its payload type if only one section uses it. What is found
    /// is remembered.
    mutating func findRoute(of header: RTPHeader) -> SourceTable.Route? {
        if let route = sources.route(of: header.ssrc) {
            if let rid = header.extensions.rid { learn(rid, of: route) }
            return route
        }
        guard let section = findSection(of: header) else { return nil }
        guard let meaning = receivers[section].payloads[header.payloadType] else { return nil }
        if case .repeated = meaning { return bindRepeats(header, in: section) }
        return bindStream(header, in: section)
    }

    private func findSection(of header: RTPHeader) -> Int? {
        if let mid = header.extensions.mid {
            return receivers.firstIndex { $0.shortMid == mid && $0.description != nil }
        }
        let candidates = receivers.indices.filter { isCandidate($0, for: header.payloadType) }
        return candidates.count == 1 ? candidates.first : nil
    }

    /// A section whose sources are named takes media of no other, but repeats may come from a
    /// source that is not.
    private func isCandidate(_ section: Int, for payloadType: PayloadType) -> Bool {
        switch receivers[section].payloads[payloadType] {
        case nil: false
        case .repeated: true
        default: receivers[section].description?.sources.isEmpty ?? false
        }
    }

    /// A new source of media; in simulcast it takes the place of the one that had its layer before.
    private mutating func bindStream(_ header: RTPHeader, in section: Int) -> SourceTable.Route? {
        let rid = header.extensions.rid
        if let rid, let old = receivers[section].track(rid: rid) {
            sources.removeAll(of: receivers[section].tracks[old].ssrc)
            receivers[section].tracks.remove(at: old)
        }
        if let gone = receivers[section].learn(header.ssrc, rid: rid) { sources.removeAll(of: gone) }
        let route = SourceTable.Route(section: section, stream: header.ssrc)
        sources.bind(header.ssrc, to: route)
        return route
    }

    /// A new source of repeats: of the layer it names, or of the only stream there is.
    private mutating func bindRepeats(_ header: RTPHeader, in section: Int) -> SourceTable.Route? {
        let tracks = receivers[section].tracks
        let track =
            if let rid = header.extensions.repairedRid {
                receivers[section].track(rid: rid)
            } else {
                tracks.count == 1 ? tracks.indices.first : nil
            }
        guard let track else { return nil }
        let route = SourceTable.Route(section: section, stream: tracks[track].ssrc)
        sources.bind(header.ssrc, to: route)
        return route
    }

    private mutating func learn(_ rid: ShortText, of route: SourceTable.Route) {
        guard let track = receivers[route.section].track(route.stream),
            receivers[route.section].tracks[track].rid != rid
        else { return }
        receivers[route.section].tracks[track].rid = rid
    }
}
