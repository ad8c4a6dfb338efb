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
        var isChanged = false
        for codec in 0..<max(1, record.info.codecs.count) {
            let wanted = wantedLevel(of: record, in: codec)
            // What nobody has ever needed is not sent anyway.
            guard codec == 0 || wanted > .none || record.demands[codec] != nil else { continue }
            var demand = record.demands[codec] ?? QualityDemand(told: codec == 0 ? .high : .none, at: now)
            demand.want(wanted, at: now)
            if demand.nextChange(at: now) != nil { isChanged = true }
            members[member].tracks[place].demands[codec] = demand
        }
        guard isChanged, let update = SubscribedQuality.update(of: members[member].tracks[place]) else {
            return
        }
        send(.subscribedQualityUpdate(update), to: members[member].sid)
    }

    private func wantedLevel(of record: TrackRecord, in codec: Int) -> QualityDemand.Level {
        let subscribers = members.filter { member in
            member.subscriptions.contains(record.sid) && !member.undecodable.contains(record.sid)
                && member.codecs[record.sid] ?? 0 == codec
        }
        let track = record.info.sent(in: codec)
        return subscribers.map { level(preference(of: $0, for: record), of: track) }.max() ?? .none
    }

    /// In which form a subscriber wants a track.
    func preference(of subscriber: RoomMember, for record: TrackRecord) -> TrackPreference {
        if let settings = subscriber.preferences[record.sid] {
            return LayerChoice.preference(
                settings, of: record.info.sent(in: subscriber.codecs[record.sid] ?? 0))
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
        return records.flatMap(\.demands.values).reduce(nil) { Deadline.earliest($0, $1.nextDeadline) }
    }
}

/// What a publisher is told about who watches it.
enum SubscribedQuality {
    /// What its publisher is to be told now about a video track, codec by codec; `nil` for sound.
    static func update(of record: TrackRecord) -> Livekit_SubscribedQualityUpdate? {
        guard record.info.type == .video else { return nil }
        var update = Livekit_SubscribedQualityUpdate()
        update.trackSid = record.info.sid
        var first = Livekit_SubscribedCodec()
        first.codec = SimulcastCodecName.short(record.info.mimeType)
        first.qualities = qualities(upTo: record.demands[0]?.told ?? .high)
        update.subscribedCodecs = [first]
        for (place, codec) in record.info.codecs.enumerated().dropFirst() {
            guard let demand = record.demands[place] else { continue }
            var further = Livekit_SubscribedCodec()
            further.codec = SimulcastCodecName.short(codec.mimeType)
            further.qualities = qualities(upTo: demand.told)
            update.subscribedCodecs.append(further)
        }
        // Old clients read this list, newer ones those of the codecs.
        update.subscribedQualities = first.qualities
        return update
    }

    /// The qualities up to `level`, wanted, and the others, not wanted.
    private static func qualities(upTo level: QualityDemand.Level) -> [Livekit_SubscribedQuality] {
        let levels: [(Livekit_VideoQuality, QualityDemand.Level)] = [
            (.low, .low), (.medium, .medium), (.high, .high),
        ]
        return levels.map { quality, needed in
            var wanted = Livekit_SubscribedQuality()
            wanted.quality = quality
            wanted.enabled = needed <= level
            return wanted
        }
    }
}

extension Array {
    /// The element at `index`, if there is one.
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
