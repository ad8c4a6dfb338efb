/// What the other side wrote about one section.
package struct RemoteSection: Hashable, Sendable {
    /// The section.
    package var mid: MediaID
    /// What it carries; `nil` for media this library does not know.
    package var kind: MediaKind?
    /// Who sends, as the other side wrote it.
    package var direction: MediaDirection
    /// Stream and track, when the other side names them.
    package var stream: MediaStreamID?
    /// Names of the simulcast layers it sends.
    package var rids: [String]
    /// Sources it says it sends with.
    package var sources: [SourceDescription]
    /// Its payload types.
    package var codecs: [CodecDescription]
    /// Whether it takes no part.
    package var isRejected: Bool

    init(_ media: MediaDescription, mid: MediaID) {
        self.mid = mid
        kind = media.kind
        direction = media.direction
        stream = media.streams.first ?? media.sources.lazy.compactMap(\.stream).first
        rids = media.rids.filter(\.isSent).map(\.id)
        sources = media.sources
        codecs = media.codecs
        isRejected = media.isRejected
    }
}
