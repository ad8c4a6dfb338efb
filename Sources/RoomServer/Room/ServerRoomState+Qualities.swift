import LiveKitProtocol
import MediaCore

/// Telling publishers which qualities are watched.
extension ServerRoomState {
    /// Looks again at what subscribers want, and tells publishers what is due.
    mutating func reviewQualities(at now: MonotonicTime) {
        areQualitiesStale = false
        for member in members.indices {
            for place in members[member].tracks.indices { review(place, of: member, at: now) }
        }
    }

    private mutating func review(_ place: Int, of member: Int, at now: MonotonicTime) {
        let record = members[member].tracks[place]
        // What is muted sends nothing anyway.
        guard record.info.type == .video, !record.info.muted else { return }
        var demand = record.demand ?? QualityDemand(at: now)
        demand.want(wantedLevel(of: record), at: now)
        let change = demand.nextChange(at: now)
        members[member].tracks[place].demand = demand
        guard let change, let update = SubscribedQuality.update(of: record.info, upTo: change) else { return }
        send(.subscribedQualityUpdate(update), to: members[member].sid)
    }

    private func wantedLevel(of record: TrackRecord) -> QualityDemand.Level {
        members.filter { $0.subscriptions.contains(record.sid) }.map { subscriber in
            level(preference(of: subscriber, for: record), of: record.info)
        }.max() ?? .none
    }

    /// In which form a subscriber wants a track.
    func preference(of subscriber: RoomMember, for record: TrackRecord) -> TrackPreference {
        if let settings = subscriber.preferences[record.sid] {
            return LayerChoice.preference(settings, of: record.info)
        }
        // Who will say sizes once pictures are on screen begins small.
        return TrackPreference(layer: subscriber.isAdaptiveStreaming ? 0 : nil)
    }

    private func level(_ preference: TrackPreference, of track: Livekit_TrackInfo) -> QualityDemand.Level {
        guard preference.isEnabled else { return .none }
        guard let layer = preference.layer else { return .high }
        guard track.layers.indices.contains(layer) else { return [.low, .medium][safe: layer] ?? .high }
        return switch track.layers[layer].quality {
        case .low: .low
        case .medium: .medium
        default: .high
        }
    }

    /// When a publisher is to be told something.
    var qualityDeadline: Deadline? {
        if areQualitiesStale { return Deadline(.zero, .report) }
        let records = members.flatMap(\.tracks).filter { !$0.info.muted }
        return records.reduce(nil) { Deadline.earliest($0, $1.demand?.nextDeadline) }
    }
}

/// What a publisher is told about who watches it.
enum SubscribedQuality {
    /// The qualities of a video track up to `level`, wanted, and the others, not wanted; `nil` for sound.
    static func update(
        of track: Livekit_TrackInfo, upTo level: QualityDemand.Level
    ) -> Livekit_SubscribedQualityUpdate? {
        guard track.type == .video else { return nil }
        let levels: [(Livekit_VideoQuality, QualityDemand.Level)] = [
            (.low, .low), (.medium, .medium), (.high, .high),
        ]
        let qualities = levels.map { quality, needed in
            var wanted = Livekit_SubscribedQuality()
            wanted.quality = quality
            wanted.enabled = needed <= level
            return wanted
        }
        var codec = Livekit_SubscribedCodec()
        codec.codec = track.mimeType.split(separator: "/").last.map { $0.lowercased() } ?? ""
        codec.qualities = qualities
        var update = Livekit_SubscribedQualityUpdate()
        update.trackSid = track.sid
        // Old clients read this list, newer ones that of the codec.
        update.subscribedQualities = qualities
        update.subscribedCodecs = [codec]
        return update
    }
}

extension Array {
    /// The element at `index`, if there is one.
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
