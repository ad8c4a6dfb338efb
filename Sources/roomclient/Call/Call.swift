import Devices
import Logging
import MediaCore
import RoomKit

/// The tasks of a call: joining and publishing, following events, showing, measuring, and waiting for its
/// end.
struct Call: Sendable {
    private let settings: JoinSettings
    private let plan: DevicePlan
    private let host: CallHost
    private let log: StatisticsLog?
    private let signals: SignalWatch
    private let logger: Logger
    private let hasWindow: Bool
    private let room: Room
    private let board: CallBoard
    private let events: CallEvents
    private let frames = LatestFrames()
    private let counters = ViewCounters()
    private let statistics: CallStatistics
    private let arrivals: AsyncStream<MediaArrival>
    private let selfView: FrameFeed
    private let began = SystemClock.now

    init(
        settings: JoinSettings, plan: DevicePlan, host: CallHost, log: StatisticsLog?, signals: SignalWatch,
        logger: Logger, hasWindow: Bool
    ) {
        self.settings = settings
        self.plan = plan
        self.host = host
        self.log = log
        self.signals = signals
        self.logger = logger
        self.hasWindow = hasWindow
        var options = RoomOptions(settings, plan, logger: logger)
        options.adaptiveStream = settings.adaptsPictures && hasWindow
        room = Room(options: options, logger: Logger(label: "room"))
        board = CallBoard(logger: logger)
        let feed = MediaArrival.makeStream()
        arrivals = feed.stream
        selfView = FrameFeed(slot: .own, arrivals: feed.continuation)
        events = CallEvents(
            room: room, board: board, frames: frames, log: log, logger: logger, arrivals: feed.continuation,
            leavesWhenAlone: settings.leavesWhenAlone, began: began)
        statistics = CallStatistics(view: counters, at: began)
    }

    /// Runs until something ends the call.
    func run() async -> CallEnd {
        let roomEvents = room.events
        return await withTaskGroup(of: CallEnd?.self) { group in
            group.addTask(name: "events") { [events] in await events.run(roomEvents) }
            group.addTask(name: "frames") { await self.sortFrames() }
            group.addTask(name: "view") { await self.show() }
            group.addTask(name: "watched") { [events, board] in
                while let picture = await board.watched.next() { await events.watch(picture) }
                return nil
            }
            group.addTask(name: "call") { await self.hold() }
            group.addTask(name: "signals") { [signals] in await Self.wait(for: signals) }
            var end: CallEnd?
            while end == nil, let next = await group.next() { end = next }
            group.cancelAll()
            return end ?? .quit
        }
    }

    /// Leaves the room: the others are told, devices released.
    func leave() async { await room.disconnect() }

    /// Writes the last line.
    func summarize() async {
        let now = SystemClock.now
        await log?.write("summary", statistics.summary(usage: .now(), at: now), at: now)
    }

    private static func wait(for signals: SignalWatch) async -> CallEnd? {
        await signals.stop.wait()
        return signals.stop.isGiven ? .signal : nil
    }

    /// Joins, publishes, and measures and answers keys from then on.
    private func hold() async -> CallEnd? {
        do {
            try await join()
        } catch {
            return .failed(ProgramError(joining: error))
        }
        return await withTaskGroup(of: CallEnd?.self) { group in
            group.addTask(name: "publish") { await self.publish() }
            group.addTask(name: "keys") { await self.answerKeys() }
            group.addTask(name: "statistics") { await self.measure() }
            group.addTask(name: "duration") { [settings] in await Self.wait(for: settings.duration) }
            var end: CallEnd?
            while end == nil, let next = await group.next() { end = next }
            group.cancelAll()
            return end
        }
    }

    private func join() async throws(RoomError) {
        var options = ConnectOptions()
        options.autoSubscribe = settings.subscribes
        options.usesRelayOnly = settings.usesRelayOnly
        options.proxy = settings.proxy.map {
            ProxyOptions(https: $0.https, http: $0.http, exceptions: $0.exceptions)
        }
        logger.info("Connecting to \(host.url) ...")
        try await room.connect(url: host.url, token: host.token.exposed, connectOptions: options)
        let now = SystemClock.now
        signals.enterCall()
        let (name, me) = await (room.name, room.localParticipant)
        logger.info("Connected to room: \(name)")
        logger.info("My identity: \(me.identity)")
        let fields: [JSONText.Field] = [
            .init(name: "room", value: .text(name)),
            .init(name: "identity", value: .text(me.identity.stringValue)),
            .init(name: "sid", value: .text(me.sid.stringValue)),
            .init(name: "ms", value: .fraction((now - began).inMilliseconds)),
        ]
        await log?.write("joined", fields, at: now)
    }

    private func publish() async -> CallEnd? {
        await OwnMedia(room: room, plan: plan, settings: settings, logger: logger, selfView: selfView)
            .publish()
        if !host.isTokenOurs { await setProfile() }
        return nil
    }

    /// A finished token may say something else than the flags.
    private func setProfile() async {
        let (profile, me) = (settings.profile, await room.localParticipant)
        do {
            if let name = profile.name { try await me.set(name: name) }
            if let metadata = profile.metadata { try await me.set(metadata: metadata) }
            if !profile.attributes.isEmpty { try await me.set(attributes: profile.attributes) }
        } catch {
            logger.warning("Name, metadata and attributes stay as the token says: \(error.message)")
        }
    }

    private func answerKeys() async -> CallEnd? {
        await CallCommands(room: room, board: board, events: events).run()
        return nil
    }

    @MainActor
    private func show() async -> CallEnd? {
        guard hasWindow else { return nil }
        do {
            let display = try DisplayTask(
                board: board, frames: frames, counters: counters, isAdaptive: settings.adaptsPictures)
            await display.run()
            return .quit
        } catch {
            logger.warning("\(error) The call goes on without a window.")
            return nil
        }
    }

    /// Brings every picture to where it is shown and measured.
    private func sortFrames() async -> CallEnd? {
        var seen: Set<String> = []
        for await arrival in arrivals {
            switch arrival {
            case .picture(let frame, let slot, let latency, let time):
                if hasWindow { await frames.receive(frame, in: slot, at: time) }
                guard case .remote(let sid) = slot else { continue }
                if let latency { await statistics.add(latency: latency, of: sid) }
                if seen.insert(sid).inserted { await events.noteFirst(of: sid, at: time) }
            case .firstSound(let sid, let time):
                await events.noteFirst(of: sid, at: time)
            }
        }
        return nil
    }

    private func measure() async -> CallEnd? {
        var next = SystemClock.now
        while !Task.isCancelled {
            next += .seconds(1)
            try? await Task.sleep(for: next - SystemClock.now)
            if Task.isCancelled { break }
            let now = SystemClock.now
            let report = await statistics.report(room.statistics(), usage: .now(), at: now)
            await log?.write("stats", report.fields, at: now)
            board.statistics.store(report.text)
        }
        return nil
    }

    private static func wait(for duration: Duration?) async -> CallEnd? {
        guard let duration, (try? await Task.sleep(for: duration)) != nil else { return nil }
        return .duration
    }
}

extension RoomOptions {
    /// What the settings and the chosen devices mean for the room.
    init(_ settings: JoinSettings, _ plan: DevicePlan, logger: Logger) {
        self.init()
        speaker = plan.speaker.makeSink { logger.warning("\($0)") }
        audioProcessing.echoCancellation = settings.removesEcho
        audioProcessing.noiseSuppression = settings.suppressesNoise
        audioProcessing.autoGainControl = settings.controlsGain
        videoPublish.codec = settings.codec
        videoPublish.maximumBitrate = settings.maximumBitrate
        videoPublish.simulcast = settings.sendsLayers
        dynacast = settings.sendsWatchedOnly
    }
}
