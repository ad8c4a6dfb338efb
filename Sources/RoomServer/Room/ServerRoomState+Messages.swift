import LiveKitProtocol
import MediaCore

/// What participants say, message by message.
extension ServerRoomState {
    /// Longest metadata, in bytes.
    static let metadataLimit = 512 << 10
    /// Longest attributes, keys and values together, in bytes.
    static let attributesLimit = 64 << 10

    /// A message of a participant; those about sessions descriptions and candidates are the owner's and are ignored.
    mutating func receive(
        _ message: Livekit_SignalRequest.OneOf_Message, from sid: ParticipantSID, at now: MonotonicTime
    ) {
        guard index(of: sid) != nil else { return }
        switch message {
        case .addTrack(let request): announceTrack(request, from: sid, at: now)
        case .mute(let request): mute(request, from: sid)
        case .subscription(let request): update(request, from: sid)
        case .trackSetting(let settings): update(settings, from: sid)
        case .subscriptionPermission(let audience): restrict(audience, from: sid)
        case .updateMetadata(let request): update(request, from: sid)
        case .updateAudioTrack(let request): update(request, from: sid)
        case .updateVideoTrack(let request): update(request, from: sid)
        case .leave(let request): remove(sid, reason: Self.honoured(request.reason))
        case .ping: send(.pong(unixMilliseconds(at: now)), to: sid)
        case .pingReq(let ping): answer(ping, from: sid, at: now)
        case .offer, .answer, .trickle, .syncState: break
        }
    }

    private mutating func answer(_ ping: Livekit_Ping, from sid: ParticipantSID, at now: MonotonicTime) {
        var pong = Livekit_Pong()
        pong.lastPingTimestamp = ping.timestamp
        pong.timestamp = unixMilliseconds(at: now)
        send(.pongResp(pong), to: sid)
    }

    private static func honoured(_ reason: Livekit_DisconnectReason) -> Livekit_DisconnectReason {
        switch reason {
        case .userUnavailable, .userRejected, .agentError: reason
        default: .clientInitiated
        }
    }

    private mutating func update(_ request: Livekit_UpdateParticipantMetadata, from sid: ParticipantSID) {
        guard let index = index(of: sid) else { return }
        var response = Livekit_RequestResponse()
        response.requestID = request.requestID
        response.updateMetadata = request
        response.reason = apply(request, to: &members[index].info)
        send(.requestResponse(response), to: sid)
        if response.reason == .ok { announce(index) }
    }

    /// Empty texts mean "unchanged"; an empty attribute deletes its key.
    private func apply(
        _ request: Livekit_UpdateParticipantMetadata, to info: inout Livekit_ParticipantInfo
    ) -> Livekit_RequestResponse.Reason {
        guard info.permission.canUpdateMetadata else { return .notAllowed }
        let attributes = info.attributes.merging(request.attributes) { $1 }.filter { !$0.value.isEmpty }
        let size = attributes.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard request.metadata.utf8.count <= Self.metadataLimit, request.name.utf8.count <= 256,
            size <= Self.attributesLimit
        else { return .limitExceeded }
        if !request.metadata.isEmpty { info.metadata = request.metadata }
        if !request.name.isEmpty { info.name = request.name }
        info.attributes = attributes
        return .ok
    }

    private mutating func update(_ request: Livekit_UpdateLocalAudioTrack, from sid: ParticipantSID) {
        change(TrackSID(text: request.trackSid), of: sid) { info in
            info.audioFeatures = request.features
            info.stereo = request.features.contains(.tfStereo)
        }
    }

    private mutating func update(_ request: Livekit_UpdateLocalVideoTrack, from sid: ParticipantSID) {
        change(TrackSID(text: request.trackSid), of: sid) { info in
            info.width = request.width
            info.height = request.height
        }
    }
}
