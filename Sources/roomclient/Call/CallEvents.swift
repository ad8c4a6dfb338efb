import Devices
import Logging
import MediaCore
import RoomKit

/// Follows a room: keeps the scene up to date, feeds tracks to the view, writes the lines of `--stats`.
actor CallEvents {
    private let room: Room
    private let board: CallBoard
    private let frames: LatestFrames
    private let log: StatisticsLog?
    private let logger: Logger
    private let arrivals: AsyncStream<MediaArrival>.Continuation
    private let leavesWhenAlone: Bool
    /// When connecting began: what `ms` counts from.
    private let began: MonotonicTime
    private var lossTime = MonotonicTime.zero
    private var scene = CallScene()
    private var hadCompany = false
    /// What is received, by sid.
    private var tracks: [String: ReceivedTrack] = [:]
    /// What the view shows; `nil` until it says so.
    private var watched: WatchedPicture?
    /// How loud the others are played; 1 = as sent.
    private var volume = 1.0

    /// A track of somebody else, and who listens to it here.
    private struct ReceivedTrack {
        let publication: RemoteTrackPublication
        let media: Media

        enum Media {
            case audio(RemoteAudioTrack, FirstSound)
            case video(RemoteVideoTrack, FrameFeed)
        }
    }

    init(
        room: Room, board: CallBoard, frames: LatestFrames, log: StatisticsLog?, logger: Logger,
        arrivals: AsyncStream<MediaArrival>.Continuation, leavesWhenAlone: Bool, began: MonotonicTime
    ) {
        self.room = room
        self.board = board
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
            if leavesWhenAlone, hadCompany, scene.people.isEmpty, !scene.isReconnecting { return .alone }
        }
        return nil
    }

    /// The first picture or sound of a track has come.
    func noteFirst(of sid: String, at time: MonotonicTime) async {
        guard let log, let track = tracks[sid]?.publication else { return }
        let fields: [JSONText.Field] = [
            .init(name: "participant", value: .text(track.participantIdentity.stringValue)),
            .init(name: "source", value: .text(track.source.rawValue)),
            .init(name: "kind", value: .text(track.kind.rawValue)),
            .init(name: "ms", value: .fraction((time - began).inMilliseconds)),
        ]
        await log.write("first_frame", fields, at: time)
    }

    /// The view shows this picture from now on, and no other of somebody else.
    func watch(_ picture: WatchedPicture) {
        watched = picture
        for track in tracks.values { reportSize(of: track) }
    }

    private func reportSize(of track: ReceivedTrack) {
        guard let watched, case .video(let video, let feed) = track.media else { return }
        let isWatched = track.publication.sid.stringValue == watched.sid
        let size = Dimensions(width: watched.size.width, height: watched.size.height)
        video.report(drawnSize: isWatched ? size : nil, of: feed)
    }

    /// Plays everybody louder or quieter, in steps of a tenth, up to twice as loud.
    func changeVolume(by tenths: Int) {
        volume = min(max((volume * 10).rounded() / 10 + Double(tenths) / 10, 0), 2)
        for track in tracks.values {
            if case .audio(let audio, _) = track.media { audio.volume = volume }
        }
        board.tell("Volume \(Int((volume * 100).rounded())) %")
    }

    /// Plays nothing, or plays again.
    func toggleDeafened() async {
        scene.own.isDeafened.toggle()
        await room.setDeafened(scene.own.isDeafened)
        board.scene.store(scene)
    }

    /// Takes over who is there and what is on.
    private func refresh() async {
        let people = await room.remoteParticipants.values.map { CallScene.Person($0) }
        let own = await room.localTrackPublications
        scene.update(people: people)
        scene.own.microphone = Self.state(of: .microphone, own)
        scene.own.camera = Self.state(of: .camera, own)
        if !people.isEmpty { hadCompany = true }
        board.scene.store(scene)
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
            attach(track, publication)
        case .trackUnsubscribed(_, let publication, _): await detach(publication.sid.stringValue)
        case .trackSubscriptionFailed(let sid, let reason):
            logger.warning("The track \(sid) cannot be received: \(reason)")
        case .reconnecting:
            scene.isReconnecting = true
            logger.warning("The connection is lost; trying to get it back")
        case .reconnected:
            scene.isReconnecting = false
            logger.info("The connection is back")
        case .lagged(let count): logger.warning("\(count) events of the room were lost")
        default: break
        }
    }

    private func attach(_ track: RemoteTrack, _ publication: RemoteTrackPublication) {
        let sid = publication.sid.stringValue
        switch track {
        case .video(let video):
            let feed = FrameFeed(slot: .remote(sid), arrivals: arrivals)
            video.add(videoRenderer: feed)
            let received = ReceivedTrack(publication: publication, media: .video(video, feed))
            tracks[sid] = received
            reportSize(of: received)
        case .audio(let audio):
            let sound = FirstSound(sid: sid, arrivals: arrivals)
            audio.volume = volume
            audio.add(audioRenderer: sound)
            tracks[sid] = ReceivedTrack(publication: publication, media: .audio(audio, sound))
        }
    }

    private func detach(_ sid: String) async {
        switch tracks.removeValue(forKey: sid)?.media {
        case .video(let video, let feed): video.remove(videoRenderer: feed)
        case .audio(let audio, let sound): audio.remove(audioRenderer: sound)
        case nil: break
        }
        await frames.forget(.remote(sid))
    }
}
