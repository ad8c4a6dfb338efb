internal import LiveKitProtocol
internal import MediaCore
internal import PeerConnection
internal import RTP

/// What the session has done so far, put together from the connections, the publishers and the receivers.
extension Room {
    /// Totals since joining; cheap enough for once a second.
    public func statistics() async -> RoomStatistics {
        var result = RoomStatistics(state: connectionState, roundTripTime: nil, sending: [], receiving: [])
        guard let session else { return result }
        let publisher = await session.publisher.statistics()
        let subscriber = await session.subscriber?.statistics()
        let signal = await session.signal.roundTripTime
        result.roundTripTime = publisher.roundTrip ?? subscriber?.roundTrip ?? signal
        for record in localTracks.values.sorted(by: { $0.info.sid < $1.info.sid }) {
            result.sending += Self.statistics(of: record, publisher.outgoing)
        }
        for (key, binding) in session.bindings where binding.isAttached {
            let peer = key.role == .publisher ? publisher : subscriber
            let incoming = peer?.incoming.first { $0.mid == key.mid }
            guard let identity = state.publisher(ofTrack: binding.sid),
                let (publication, _) = state.publication(binding.sid, of: identity)
            else { continue }
            result.receiving.append(Self.statistics(of: binding, publication, incoming))
        }
        result.receiving.sort { $0.sid.stringValue < $1.sid.stringValue }
        return result
    }

    /// One for sound; for pictures one for each codec in which they are sent.
    private static func statistics(
        of record: LocalTrackRecord, _ outgoing: [PeerStatistics.Outgoing]
    ) -> [TrackSendStatistics] {
        guard case .audio(let publisher) = record.media else {
            return record.encodings.map { encoding in
                var statistics = totals(of: record, on: encoding.mid, outgoing)
                encoding.fill(&statistics)
                return statistics
            }
        }
        var statistics = totals(of: record, on: record.mid, outgoing)
        statistics.codec = "opus"
        statistics.frames = publisher.counters.packets.value
        statistics.audioLevel = publisher.counters.level.value
        statistics.targetBitrate = publisher.options.bitrate.bitsPerSecond
        return [statistics]
    }

    /// What the connection knows of a section.
    private static func totals(
        of record: LocalTrackRecord, on mid: MediaID, _ outgoing: [PeerStatistics.Outgoing]
    ) -> TrackSendStatistics {
        let info = record.info
        let streams = outgoing.filter { $0.mid == mid }.map(\.stream)
        return TrackSendStatistics(
            sid: TrackSid(info.sid), source: TrackSource(info.source), kind: TrackKind(info.type), codec: "",
            isMuted: record.media.isMuted.isSet, bytes: Int(streams.reduce(0) { $0 + $1.bytes }),
            targetBitrate: 0,
            width: 0, height: 0, frames: 0, layers: [], limitation: .none, encodeMicroseconds: 0,
            retransmissions: streams.reduce(0) { $0 + $1.repeats },
            nacks: streams.reduce(0) { $0 + $1.requests },
            plis: streams.reduce(0) { $0 + $1.keyframeRequests }, audioLevel: nil)
    }

    private static func statistics(
        of binding: TrackBinding, _ publication: RemoteTrackPublication, _ incoming: PeerStatistics.Incoming?
    ) -> TrackReceiveStatistics {
        let stream = incoming?.stream
        var statistics = TrackReceiveStatistics(
            participant: publication.participantIdentity, sid: publication.sid, source: publication.source,
            kind: publication.kind, codec: "", width: 0, height: 0, frames: 0, bytes: Int(stream?.bytes ?? 0),
            packets: Int(stream?.packets ?? 0), lost: Int(stream?.lost ?? 0),
            recovered: stream?.recovered ?? 0,
            concealedMilliseconds: 0, frozenMilliseconds: 0, freezes: 0,
            jitterMilliseconds: stream?.jitter.inMilliseconds ?? 0,
            delayMilliseconds: Int(incoming?.targetDelay.inMilliseconds ?? 0), decodeMicroseconds: 0,
            audioLevel: nil)
        switch binding.track {
        case .audio(let track): track.receiver.counters.fill(&statistics)
        case .video(let track): track.receiver.counters.fill(&statistics)
        }
        return statistics
    }
}

extension LocalEncoding {
    /// Adds what the encoder has counted.
    fileprivate func fill(_ statistics: inout TrackSendStatistics) {
        let counters = sender.counters
        statistics.codec = codec.rawValue
        (statistics.width, statistics.height) = (counters.width.value, counters.height.value)
        statistics.frames = counters.frames.value
        statistics.encodeMicroseconds = counters.encodeMicroseconds.value
        statistics.targetBitrate = sender.targetBitrate.bitsPerSecond
        statistics.layers = zip(layers, counters.layers).map(LayerSendStatistics.init)
        statistics.limitation = counters.qualityLimitation
    }
}

extension LayerSendStatistics {
    init(_ layer: VideoLayer, _ counters: VideoSendCounters.Layer) {
        self.init(
            rid: layer.rid ?? "", width: counters.width.value, height: counters.height.value,
            frames: counters.frames.value, bytes: counters.bytes.value, isActive: counters.isActive.isSet)
    }
}

extension VideoSendCounters {
    var qualityLimitation: QualityLimitation {
        switch EncodingSession.Limitation(rawValue: limitation.value) {
        case .bandwidth: .bandwidth
        case .cpu: .cpu
        case .some(.none), nil: .none
        }
    }
}

extension AudioReceiveCounters {
    func fill(_ statistics: inout TrackReceiveStatistics) {
        statistics.codec = "opus"
        statistics.concealedMilliseconds = concealedMilliseconds.value
        statistics.recovered += recovered.value
        statistics.delayMilliseconds = delayMilliseconds.value
        statistics.audioLevel = level.value
    }
}

extension VideoReceiveCounters {
    func fill(_ statistics: inout TrackReceiveStatistics) {
        let codecs = MediaCodec.allCases
        statistics.codec = codecs.indices.contains(codec.value) ? codecs[codec.value].rawValue : ""
        (statistics.width, statistics.height) = (width.value, height.value)
        statistics.frames = frames.value
        statistics.frozenMilliseconds = frozenMilliseconds.value
        statistics.freezes = freezes.value
        statistics.decodeMicroseconds = decodeMicroseconds.value
    }
}
