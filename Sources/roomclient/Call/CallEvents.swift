import Logging
import MediaCore
import RoomKit

/// Follows a room: keeps the scene up to date, feeds tracks to the view, writes the lines of `--stats`.
@MainActor
final class CallEvents {
    private let room: Room
    private let model: CallModel
    private let frames: LatestFrames
    private let log: StatisticsLog?
    private let logger: Logger
    private let arrivals: AsyncStream<MediaArrival>.Continuation
    private let leavesWhenAlone: Bool
    private var feeds: [String: FrameFeed] = [:]
    private var voices: [String: RemoteAudioTrack] = [:]
    private var sounds: [String: FirstSound] = [:]
    /// How loud the others are played; 1 = as sent.
    private var volume = 1.0
    private var lossTime = MonotonicTime.zero
    private var hadCompany = false
    /// When connecting began: what `ms` counts from.
    private let began: MonotonicTime
    /// What is received, by sid.
    private var owners: [String: RemoteTrackPublication] = [:]

    init(
        room: Room, model: CallModel, frames: LatestFrames, log: StatisticsLog?, logger: Logger,
        arrivals: AsyncStream<MediaArrival>.Continuation, leavesWhenAlone: Bool, began: MonotonicTime
    ) {
        self.room = room
        self.model = model
        self.frames = frames
        self.log = log
        self.logger = logger
        self.arrivals = arrivals
        self.leavesWhenAlone = leavesWhenAlone
        self.began = began
    }

    /// Follows until the room ends the call, or everybody has left; `nil` = cancelled.
    func run(_ events: AsyncStream<RoomEvent>) async -> CallEnd? {
        for await event in events {
            await write(event)
            await handle(event)
            await refresh()
            if case .disconnected(let reason) = event { return .room(reason) }
            if leavesWhenAlone, hadCompany, model.scene.people.isEmpty, !model.scene.isReconnecting {
                return .alone
            }
        }
        return nil
    }

    /// Takes over who is there and what is on.
    private func refresh() async {
        let people = await room.remoteParticipants.values.map { CallScene.Person($0) }
        let own = await room.localTrackPublications
        model.scene.update(people: people)
        model.scene.own.microphone = Self.state(of: .microphone, own)
        model.scene.own.camera = Self.state(of: .camera, own)
        if !people.isEmpty { hadCompany = true }
    }

    private static func state(of source: TrackSource, _ tracks: [LocalTrackPublication])
        -> CallScene.Own.Device
    {
        guard let track = tracks.first(where: { $0.source == source }) else { return .absent }
        return track.isMuted ? .muted : .on
    }

    private func write(_ event: RoomEvent) async {
        let now = SystemClock.now
        if case .reconnecting = event { lossTime = now }
        var start = began
        if case .reconnected = event { start = lossTime }
        guard let log, let line = EventLine(event, milliseconds: (now - start).inMilliseconds) else { return }
        await log.write(line.event, line.fields, at: now)
    }

    private func handle(_ event: RoomEvent) async {
        switch event {
        case .participantConnected(let person): logger.info("\(person.displayName) joined")
        case .participantDisconnected(let person): logger.info("\(person.displayName) left")
        case .trackSubscribed(let track, let publication, let person):
            logger.info(
                "Receiving \(publication.kind.rawValue) of \(person.displayName) (\(publication.sid))")
            attach(track, publication, person)
        case .trackUnsubscribed(let track, let publication, _):
            await detach(track, publication)
        case .trackSubscriptionFailed(let sid, let reason):
            logger.warning("The track \(sid) cannot be received: \(reason)")
        case .reconnecting:
            model.scene.isReconnecting = true
            logger.warning("The connection is lost; trying to get it back")
        case .reconnected:
            model.scene.isReconnecting = false
            logger.info("The connection is back")
        case .lagged(let count): logger.warning("\(count) events of the room were lost")
        default: break
        }
    }

    private func attach(
        _ track: RemoteTrack, _ publication: RemoteTrackPublication, _ person: RemoteParticipant
    ) {
        let sid = publication.sid.stringValue
        owners[sid] = publication
        switch track {
        case .video(let video):
            let feed = FrameFeed(slot: .remote(sid), arrivals: arrivals)
            feeds[sid] = feed
            video.add(videoRenderer: feed)
        case .audio(let audio):
            audio.volume = volume
            voices[sid] = audio
            let sound = FirstSound(sid: sid, arrivals: arrivals)
            sounds[sid] = sound
            audio.add(audioRenderer: sound)
        }
    }

    private func detach(_ track: RemoteTrack, _ publication: RemoteTrackPublication) async {
        let sid = publication.sid.stringValue
        if case .video(let video) = track, let feed = feeds.removeValue(forKey: sid) {
            video.remove(videoRenderer: feed)
        }
        if case .audio(let audio) = track, let sound = sounds.removeValue(forKey: sid) {
            audio.remove(audioRenderer: sound)
        }
        voices[sid] = nil
        owners[sid] = nil
        await frames.forget(.remote(sid))
    }

    /// The first picture or sound of a track has come.
    func noteFirst(of sid: String, at time: MonotonicTime) async {
        guard let log, let track = owners[sid] else { return }
        let fields: [JSONText.Field] = [
            .init(name: "participant", value: .text(track.participantIdentity.stringValue)),
            .init(name: "source", value: .text(track.source.rawValue)),
            .init(name: "kind", value: .text(track.kind.rawValue)),
            .init(name: "ms", value: .fraction((time - began).inMilliseconds)),
        ]
        await log.write("first_frame", fields, at: time)
    }

    /// Plays everybody louder or quieter, in steps of a tenth, up to twice as loud.
    func changeVolume(by tenths: Int) {
        volume = min(max((volume * 10).rounded() / 10 + Double(tenths) / 10, 0), 2)
        for track in voices.values { track.volume = volume }
        model.tell("Volume \(Int((volume * 100).rounded())) %")
    }
}

extension CallScene.Person {
    /// What counts of a participant for the view.
    init(_ participant: RemoteParticipant) {
        let tracks = participant.trackPublications
        let video =
            tracks.first { $0.source == .screenShareVideo } ?? tracks.first { $0.source == .camera }
            ?? tracks.first { $0.kind == .video }
        self.init(
            identity: participant.identity.stringValue, name: participant.displayName,
            video: video?.sid.stringValue, isVideoMuted: video?.isMuted ?? false,
            isSilent: !tracks.contains { $0.kind == .audio && !$0.isMuted },
            isSpeaking: participant.isSpeaking)
    }
}
