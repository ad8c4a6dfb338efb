import RTP

extension PeerEngine {
    /// What happened so far. It is put together on demand.
    package var statistics: PeerStatistics {
        var result = PeerStatistics()
        result.roundTrip = roundTrip.roundTrip
        result.drops = drops
        result.pacedPackets = pacer.count
        result.pacedTime = pacer.waitingTime
        result.sendEstimate = bandwidth.target
        result.sendQueueDelay = bandwidth.queueDelay
        result.probes = bandwidth.probeCount
        for section in receivers {
            guard let kind = section.description?.kind else { continue }
            for track in section.tracks {
                result.incoming.append(
                    .init(
                        mid: section.mid, ssrc: track.ssrc, rid: track.rid?.string, kind: kind,
                        stream: track.stream.statistics, video: track.video?.statistics,
                        keyframeRequests: track.keyframeRequestCount
                            + (track.video?.keyframeRequestCount ?? 0),
                        targetDelay: track.video?.targetDelay ?? .zero))
            }
        }
        for section in senders {
            guard let kind = section.description?.kind else { continue }
            for encoding in section.encodings {
                result.outgoing.append(
                    .init(
                        mid: section.mid, ssrc: encoding.stream.configuration.ssrc, rid: encoding.rid,
                        kind: kind,
                        stream: encoding.stream.statistics))
            }
        }
        return result
    }
}
