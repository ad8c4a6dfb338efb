import RTP

// What the engine needs to know of a section after an exchange.
extension MediaSection {
    /// How to send; `nil` while this side does not.
    package var sendDescription: SendDescription? {
        guard let kind, currentDirection.sends, let sending else { return nil }
        let codecs = sendingCodecs
        let hasRetransmission = codecs.contains { $0.isNamed("rtx") }
        var encodings = acceptedLayers.map {
            SendDescription.Encoding(
                ssrc: $0.ssrc, retransmissionSSRC: hasRetransmission ? $0.rtxSSRC : nil, rid: $0.rid)
        }
        if encodings.isEmpty {
            encodings = [
                SendDescription.Encoding(
                    ssrc: sending.ssrc, retransmissionSSRC: hasRetransmission ? sending.rtxSSRC : nil)
            ]
        }
        return SendDescription(
            kind: kind, codecs: codecs, extensions: extensionMap, cname: sending.cname, encodings: encodings)
    }

    /// How to receive; `nil` while the other side does not send.
    func receiveDescription(mode: MediaMode) -> ReceiveDescription? {
        guard let kind, let remote, currentDirection.receives else { return nil }
        let pairs = remote.sourceGroups.filter { $0.semantics == "FID" }
        let repeats = Set(pairs.flatMap { $0.sources.dropFirst() })
        let sources = remote.sources.filter { !repeats.contains($0.ssrc) }.map {
            ReceiveDescription.Source(
                ssrc: $0.ssrc, retransmissionSSRC: remote.retransmissionSource(of: $0.ssrc))
        }
        return ReceiveDescription(
            kind: kind, codecs: receivingCodecs, extensions: extensionMap, sources: sources, mode: mode)
    }
}
