import MediaCore
import RTP

/// One media section that receives: what was negotiated, and its streams.
struct ReceiveSection: Sendable {
    /// Streams of one section, at most; more than three simulcast layers and a change of source do
    /// not occur.
    static let trackLimit = 8

    let mid: MediaID
    /// `nil` while the section does not receive.
    private(set) var description: ReceiveDescription?
    private(set) var payloads = PayloadTable([])
    var tracks: [ReceiveTrack] = []
    /// The name of the section as packets carry it.
    let shortMid: ShortText?

    init(mid: MediaID) {
        self.mid = mid
        shortMid = ShortText(mid.value)
    }

    /// Index of the stream with this source.
    func track(_ ssrc: SSRC) -> Int? { tracks.firstIndex { $0.ssrc == ssrc } }

    /// Index of the stream of a simulcast layer.
    func track(rid: ShortText) -> Int? { tracks.lastIndex { $0.rid == rid } }

    /// Adopts what was negotiated. Streams that the other side names no longer go; the answer names
    /// them.
    mutating func update(_ description: ReceiveDescription?) -> [SSRC] {
        let isSameKind =
            description?.kind == self.description?.kind && description?.mode == self.description?.mode
        self.description = description
        payloads = PayloadTable(description?.codecs ?? [])
        let named = description?.sources.map(\.ssrc) ?? []
        // A stream that was recognized by its packets stays until the section names sources or ends.
        let gone = tracks.filter { track in
            !isSameKind || !(named.contains(track.ssrc) || (named.isEmpty && !track.isDeclared))
        }.map(\.ssrc)
        tracks.removeAll { gone.contains($0.ssrc) }
        if let description {
            for source in description.sources where track(source.ssrc) == nil {
                tracks.append(
                    ReceiveTrack(ssrc: source.ssrc, description: description, rid: nil, isDeclared: true))
            }
        }
        return gone
    }

    /// Adds a stream that a packet revealed; the answer is the stream that had to make room.
    mutating func learn(_ ssrc: SSRC, rid: ShortText?) -> SSRC? {
        guard let description else { return nil }
        var gone: SSRC?
        if tracks.count >= Self.trackLimit {
            let oldest = tracks.indices.min { lastArrival($0) < lastArrival($1) }
            if let oldest { gone = tracks.remove(at: oldest).ssrc }
        }
        tracks.append(ReceiveTrack(ssrc: ssrc, description: description, rid: rid, isDeclared: false))
        return gone
    }

    private func lastArrival(_ index: Int) -> MonotonicTime { tracks[index].stream.lastArrival ?? .zero }
}
