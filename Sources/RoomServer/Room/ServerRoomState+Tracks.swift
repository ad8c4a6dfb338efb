import LiveKitProtocol
import MediaCore

/// What participants publish.
extension ServerRoomState {
    /// Most tracks a participant may have announced and not negotiated.
    static let pendingLimit = 20

    /// A participant announces a track; the answer is its record, or the reason why not.
    mutating func announceTrack(
        _ request: Livekit_AddTrackRequest, from sid: ParticipantSID, at now: MonotonicTime
    ) {
        guard let index = index(of: sid) else { return }
        if let reason = refusal(of: request, from: members[index]) {
            return refuse(request, reason, to: sid)
        }
        guard request.sid.isEmpty else { return announceCodec(request, from: sid) }
        var info = TrackBlueprint.record(for: request)
        info.sid = identifiers.next(TrackBlueprint.prefix(for: request))
        members[index].pending.append(info)
        var response = Livekit_TrackPublishedResponse()
        response.cid = request.cid
        response.track = info
        send(.trackPublished(response), to: sid)
    }

    /// Says why a track is not taken.
    mutating func refuse(
        _ request: Livekit_AddTrackRequest, _ reason: Livekit_RequestResponse.Reason, to sid: ParticipantSID
    ) {
        var response = Livekit_RequestResponse()
        response.reason = reason
        response.addTrack = request
        send(.requestResponse(response), to: sid)
    }

    private func refusal(
        of request: Livekit_AddTrackRequest, from member: RoomMember
    ) -> Livekit_RequestResponse.Reason? {
        let permission = member.info.permission
        let sources = permission.canPublishSources
        if !permission.canPublish || !(sources.isEmpty || sources.contains(request.source)) {
            return .notAllowed
        }
        if request.type != .audio && request.type != .video { return .unsupportedType }
        if member.pending.count >= Self.pendingLimit { return .limitExceeded }
        let isTaken =
            member.pending.contains { $0.codecs.contains { $0.cid == request.cid } }
            || member.tracks.contains { $0.isKnown(as: request.cid) }
        return isTaken ? .queued : nil
    }

    /// A section of the participant's offer carries media: finds the track it announced for it.
    ///
    /// The section is matched by its client-side id, else it is the oldest announced track of its kind. `nil` = no
    /// track was announced; ask again when one is.
    mutating func negotiated(_ section: PublishedSection, by sid: ParticipantSID) -> TrackStream? {
        guard let index = index(of: sid) else { return nil }
        if let known = members[index].tracks.first(where: { $0.info.mid == section.mid }) {
            return TrackStream(track: known.sid)
        }
        if let stream = negotiatedCodec(section, of: index) { return stream }
        let pending = members[index].pending
        let match =
            pending.firstIndex { $0.codecs.contains { $0.cid == section.cid } }
            ?? pending.firstIndex { $0.type == section.type }
        guard let match else { return nil }
        var info = members[index].pending.remove(at: match)
        TrackBlueprint.complete(&info, with: section)
        members[index].tracks.append(TrackRecord(info: info))
        members[index].info.isPublisher = true
        areCountsStale = true
        areQualitiesStale = true
        announce(index)
        let track = TrackSID(text: info.sid)
        for other in members where wants(track, of: members[index], other) { subscribe(other.sid, to: track) }
        return TrackStream(track: track)
    }

    /// Whether a section that carried a track now carries another one that was announced for it.
    func isReplaced(_ track: TrackSID, by section: PublishedSection, of sid: ParticipantSID) -> Bool {
        guard let member = member(sid), let record = member.tracks.first(where: { $0.sid == track }) else {
            return false
        }
        return !record.isKnown(as: section.cid)
            && member.pending.contains { $0.codecs.contains { $0.cid == section.cid } }
    }

    /// The first packet told in which codec the track is sent; answers whether that was not known.
    @discardableResult
    mutating func identifiedCodec(_ mimeType: String, of track: TrackSID) -> Bool {
        guard let (member, record) = owner(of: track),
            record.info.mimeType.lowercased() != mimeType.lowercased()
        else {
            return false
        }
        change(track, of: member.sid) { info in
            info.mimeType = mimeType
            if !info.codecs.isEmpty { info.codecs[0].mimeType = mimeType }
        }
        return true
    }

    /// A published track has ended, because its section did.
    mutating func ended(_ track: TrackSID, by sid: ParticipantSID) {
        guard let index = index(of: sid),
            let place = members[index].tracks.firstIndex(where: { $0.sid == track })
        else {
            return
        }
        withdraw(track)
        members[index].tracks.remove(at: place)
        members[index].info.isPublisher = !members[index].tracks.isEmpty
        areCountsStale = true
        outputs.append(.unpublish(track, sid))
        var response = Livekit_TrackUnpublishedResponse()
        response.trackSid = track.text
        send(.trackUnpublished(response), to: sid)
        announce(index)
    }

    /// The publisher mutes or unmutes a track.
    mutating func mute(_ request: Livekit_MuteTrackRequest, from sid: ParticipantSID) {
        guard let index = index(of: sid) else { return }
        let track = TrackSID(text: request.sid)
        if let place = members[index].pending.firstIndex(where: { $0.sid == request.sid }) {
            members[index].pending[place].muted = request.muted
        } else if let record = members[index].tracks.first(where: { $0.sid == track }) {
            guard record.info.muted != request.muted else { return }
            if request.muted, record.info.type == .audio { speakers.remove(sid) }
            change(track, of: sid) { $0.muted = request.muted }
            outputs.append(.mute(track, isMuted: request.muted))
            areQualitiesStale = true
        } else {
            var response = Livekit_RequestResponse()
            response.reason = .notFound
            response.mute = request
            send(.requestResponse(response), to: sid)
        }
    }

    /// Changes the record of a published track and tells everybody.
    mutating func change(
        _ track: TrackSID, of sid: ParticipantSID, _ body: (inout Livekit_TrackInfo) -> Void
    ) {
        guard let index = index(of: sid),
            let place = members[index].tracks.firstIndex(where: { $0.sid == track })
        else {
            return
        }
        body(&members[index].tracks[place].info)
        announce(index)
    }
}

/// A section of an offer in which a participant sends.
struct PublishedSection: Hashable, Sendable {
    /// Its identification in the session description.
    var mid: String
    /// The client's own id of the track: the second word of `msid`.
    var cid: String
    /// What it carries.
    var type: Livekit_TrackType
    /// The codec that comes first, as a MIME type.
    var mimeType: String
    /// The names of its simulcast layers, empty without simulcast.
    var rids: [String] = []
}
