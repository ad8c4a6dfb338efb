import LiveKitProtocol
import MediaCore

/// Tracks that are sent in a second codec, for those who cannot decode the first (backup codec).
///
/// The publisher names the codec when he announces the track, and begins to send it when `SubscribedQualityUpdate` says
/// that it is wanted: with a request for the same track, and a section of its own.
extension ServerRoomState {
    /// A participant will send one of its tracks in a further codec too, which it has named before.
    mutating func announceCodec(_ request: Livekit_AddTrackRequest, from sid: ParticipantSID) {
        guard let index = index(of: sid), let wish = request.simulcastCodecs.first,
            let place = members[index].tracks.firstIndex(where: { $0.info.sid == request.sid }),
            let codec = members[index].tracks[place].info.place(ofFurther: wish.codec)
        else { return refuse(request, .notFound, to: sid) }
        var described = TrackBlueprint.codec(for: wish, of: request)
        if described.cid.isEmpty { described.cid = request.cid }
        members[index].tracks[place].info.codecs[codec] = described
        var response = Livekit_TrackPublishedResponse()
        response.cid = request.cid
        response.track = members[index].tracks[place].info
        send(.trackPublished(response), to: sid)
    }

    /// The further codec that a section carries; `nil` = it was not announced as one.
    mutating func negotiatedCodec(_ section: PublishedSection, of index: Int) -> TrackStream? {
        guard !section.cid.isEmpty else { return nil }
        for place in members[index].tracks.indices {
            let record = members[index].tracks[place]
            guard
                let codec = record.info.codecs.indices.dropFirst().first(where: {
                    record.info.codecs[$0].cid == section.cid
                })
            else { continue }
            if record.info.codecs[codec].mid != section.mid {
                TrackBlueprint.complete(&members[index].tracks[place].info.codecs[codec], with: section)
                announce(index)
            }
            return TrackStream(track: record.sid, codec: codec)
        }
        return nil
    }

    /// A further codec of a track is not sent any more; it may be announced again.
    mutating func endedCodec(_ stream: TrackStream, by sid: ParticipantSID) {
        change(stream.track, of: sid) { info in
            guard info.codecs.indices.contains(stream.codec) else { return }
            (info.codecs[stream.codec].cid, info.codecs[stream.codec].mid) = ("", "")
        }
    }

    /// Which codec of a track a subscriber gets: the first that it decodes; `nil` = none, which it is told.
    mutating func chooseCodec(
        of track: TrackSID, decoding decodable: [MediaCodec], for subscriber: ParticipantSID
    ) -> Int? {
        guard let (_, record) = owner(of: track), let index = index(of: subscriber) else { return nil }
        let names = decodable.map(\.rawValue)
        let choice = record.info.codecs.firstIndex { names.contains(SimulcastCodecName.short($0.mimeType)) }
        guard let choice else {
            if members[index].undecodable.insert(track).inserted { tellUndecodable(track, to: subscriber) }
            return nil
        }
        let wasUndecodable = members[index].undecodable.remove(track) != nil
        guard members[index].codecs[track] ?? 0 != choice || wasUndecodable else { return choice }
        members[index].codecs[track] = choice
        areQualitiesStale = true
        // Another codec may have other sizes.
        outputs.append(.prefer(preference(of: members[index], for: record), track, subscriber))
        return choice
    }

    private mutating func tellUndecodable(_ track: TrackSID, to subscriber: ParticipantSID) {
        var response = Livekit_SubscriptionResponse()
        response.trackSid = track.text
        response.err = .seCodecUnsupported
        send(.subscriptionResponse(response), to: subscriber)
        areQualitiesStale = true
    }
}

/// How signaling names codecs.
enum SimulcastCodecName {
    /// `vp8` of `video/VP8`, and of `VP8`.
    static func short(_ name: String) -> String {
        name.split(separator: "/").last.map { $0.lowercased() } ?? ""
    }
}

extension Livekit_TrackInfo {
    /// The place of a codec that was named besides the first; `nil` = it was not.
    fileprivate func place(ofFurther name: String) -> Int? {
        codecs.indices.dropFirst().first {
            SimulcastCodecName.short(codecs[$0].mimeType) == SimulcastCodecName.short(name)
        }
    }

    /// The track as it is sent in one of its codecs: with the sizes of that one.
    func sent(in codec: Int) -> Livekit_TrackInfo {
        guard codec > 0, codecs.indices.contains(codec), !codecs[codec].layers.isEmpty else { return self }
        var track = self
        track.layers = codecs[codec].layers
        return track
    }
}
