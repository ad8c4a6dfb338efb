import RoomKit

/// The line of `--stats` about a room event; `nil` for events that another line tells.
struct EventLine {
    var event: String
    var fields: [JSONText.Field]

    private init(_ event: String, _ fields: KeyValuePairs<String, JSONText> = [:]) {
        self.event = event
        self.fields = fields.map { JSONText.Field(name: $0.key, value: $0.value) }
    }

    /// Says how an event is written; `milliseconds` since the start of connecting, or of the loss of the
    /// connection.
    init?(_ event: RoomEvent, milliseconds: Double) {
        let ms = JSONText.fraction(milliseconds)
        switch event {
        case .connected: return nil
        case .localTrackPublished(let track):
            self.init(
                "published",
                [
                    "source": .text(track.source.rawValue), "sid": .text(track.sid.stringValue),
                    "codec": .text(track.codecName), "ms": ms,
                ])
        case .trackSubscribed(_, let track, let person):
            self.init("subscribed", [:])
            fields = Self.fields(of: track, person)
        case .reconnecting(let mode): self.init("reconnecting", ["mode": .text(mode.rawValue)])
        case .reconnected(let mode): self.init("reconnected", ["mode": .text(mode.rawValue), "ms": ms])
        case .disconnected(let reason): self.init("disconnected", ["reason": .text(reason.rawValue)])
        default:
            self.init(event.name)
            fields = Self.fields(of: event)
        }
    }

    private static func fields(of event: RoomEvent) -> [JSONText.Field] {
        switch event {
        case .connectionStateChanged(let state): one("state", .text(state.rawValue))
        case .moved(let room): one("room", .text(room))
        case .participantConnected(let person), .participantActive(let person),
            .participantDisconnected(let person):
            one("participant", .text(person.identity.stringValue)) + one("name", .text(person.name))
        case .participantMetadataChanged(let person):
            field(of: person) + one("metadata", .text(person.metadata))
        case .participantNameChanged(let person): field(of: person) + one("name", .text(person.name))
        case .participantAttributesChanged(let person, let changed):
            field(of: person)
                + one(
                    "changed",
                    .fields(
                        changed.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .text($0.value)) }
                    ))
        case .participantPermissionsChanged(let person): field(of: person)
        case .localTrackUnpublished(let track), .localTrackSubscribed(let track): fields(of: track)
        case .trackPublished(let track, let person), .trackUnpublished(let track, let person),
            .trackUnsubscribed(_, let track, let person),
            .trackSubscriptionPermissionChanged(let track, let person),
            .trackStreamStateChanged(let track, let person):
            fields(of: track, person)
        case .trackSubscriptionFailed(let sid, let reason):
            one("sid", .text(sid.stringValue)) + one("reason", .text(reason))
        case .trackMuted(let track, let person), .trackUnmuted(let track, let person):
            fields(of: track, person)
        case .roomMetadataChanged(let metadata): one("metadata", .text(metadata))
        case .recordingStatusChanged(let isRecording): one("recording", .flag(isRecording))
        case .activeSpeakersChanged(let people):
            one("speakers", .list(people.map { .text($0.identity.stringValue) }))
        case .connectionQualityChanged(let quality, let person):
            field(of: person) + one("quality", .text(quality.rawValue))
        case .dataReceived(let message): fields(of: message)
        case .sipDTMFReceived(let key):
            one("participant", .text(key.participant.stringValue)) + one("digit", .text(key.digit))
        case .transcriptionReceived(let segments, let person):
            one("participant", person.map { .text($0.stringValue) } ?? .null)
                + one("text", .text(segments.map(\.text).joined(separator: " ")))
        case .lagged(let count): one("count", .number(count))
        default: []
        }
    }

    private static func fields(of track: any TrackPublication) -> [JSONText.Field] {
        one("source", .text(track.source.rawValue)) + one("kind", .text(track.kind.rawValue))
            + one("sid", .text(track.sid.stringValue)) + one("codec", .text(track.codecName))
    }

    private static func fields(of track: any TrackPublication, _ person: any Participant) -> [JSONText.Field]
    {
        field(of: person) + fields(of: track)
    }

    /// Text when it is some, and the number of bytes.
    private static func fields(of message: DataMessage) -> [JSONText.Field] {
        var fields = one("participant", message.participant.map { .text($0.identity.stringValue) } ?? .null)
        fields += one("topic", message.topic.map { .text($0) } ?? .null)
        fields += one("bytes", .number(message.data.count)) + one("reliable", .flag(message.isReliable))
        if message.data.count <= 1_000, let text = String(validating: message.data, as: UTF8.self) {
            fields += one("text", .text(text))
        }
        return fields
    }

    private static func field(of person: any Participant) -> [JSONText.Field] {
        one("participant", .text(person.identity.stringValue))
    }

    private static func one(_ name: String, _ value: JSONText) -> [JSONText.Field] {
        [JSONText.Field(name: name, value: value)]
    }
}

extension TrackPublication {
    /// `vp8` of `video/VP8`; servers may name the codec of sound only once it flows, and then it is Opus.
    var codecName: String {
        (mimeType.split(separator: "/").last.map(String.init) ?? (kind == .audio ? "opus" : "")).lowercased()
    }
}
