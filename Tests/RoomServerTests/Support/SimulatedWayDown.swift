import MediaCore
import PeerConnection
import RTP
import RoomTestKit

@testable import RoomServer

/// A camera in three sizes, the part of a room that passes it on, a link and one subscriber, in virtual time.
///
/// Everything follows from `seed`, which belongs into the message of a failing test.
final class SimulatedWayDown {
    /// How it begins.
    struct Options {
        /// The way down.
        var forward = LinkModel.Settings.perfect
        /// The way of feedback.
        var backward = LinkModel.Settings.perfect
        /// What the layers take.
        var rates: [Bitrate] = [.kilobits(180), .kilobits(450), .kilobits(1_700)]
        /// Whether the subscriber reports arrivals; else it estimates itself (REMB).
        var reportsArrivals = true
        /// Seed of all accidents.
        var seed: UInt64 = 1
    }

    /// What was going on at one moment.
    struct Moment {
        var time: MonotonicTime
        /// The size that was being forwarded.
        var size: Int?
        /// What the way down was believed to carry.
        var estimate: Bitrate
        /// How long a packet that goes in now waits in the link.
        var wait: Duration
    }

    private static let video: MediaID = "1"
    private static let audio: MediaID = "0"
    private static let allocationInterval = Duration.milliseconds(200)
    /// How long a wish for a key frame takes to the publisher.
    private static let askingTime = Duration.milliseconds(10)

    var forward: LinkModel {
        get { room.link }
        set { room.link = newValue }
    }
    var backward: LinkModel {
        get { subscriber.link }
        set { subscriber.link = newValue }
    }
    private(set) var audience = SimulatedAudience()
    private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    /// One entry every 20 ms.
    private(set) var course: [Moment] = []
    let begin: MonotonicTime

    private var room: SimulatedEnd
    private var subscriber: SimulatedEnd
    private var camera: SimulatedCamera
    private var packets: [SimulatedCamera.Packet] = []
    private var meter = LayerRateMeter(isOneStream: false)
    private var liveness = LayerLiveness(count: 3)
    private var requests = KeyframeRequests(count: 3)
    private var forwarder = Forwarder(clockRate: 90_000, isOneStream: false, beginsAnywhere: false)
    private(set) var allocation = DownlinkAllocation()
    private var toldWanted = Bitrate.zero
    private var asked: [(layer: Int, time: MonotonicTime)] = []
    private var nextPicture: MonotonicTime
    private var nextSound: MonotonicTime
    private var nextAllocation: MonotonicTime
    private var nextMoment: MonotonicTime
    private var soundSequence: UInt16 = 0
    private var estimate = Bitrate.zero

    init(_ options: Options) {
        camera = SimulatedCamera(options.rates, seed: options.seed &* 3 &+ 7)
        begin = now
        (nextPicture, nextSound, nextAllocation, nextMoment) = (now, now + .milliseconds(3), now, now)
        let seed = options.seed
        room = SimulatedEnd(options.forward, linkSeed: seed &* 2 &+ 1, engineSeed: seed, at: now)
        subscriber = SimulatedEnd(
            options.backward, linkSeed: seed &* 2 &+ 2, engineSeed: seed &+ 1, at: now)
        negotiate(options)
    }

    /// Goes on for a while.
    func run(for span: Duration) {
        let end = now + span
        while let next = nextTime, next <= end {
            now = max(now, next)
            step()
        }
        now = end
    }

    /// Share of the time since `start` in which the largest size was forwarded.
    func fullShare(since start: MonotonicTime) -> Double {
        let moments = course.filter { $0.time >= start }
        return Double(moments.count { $0.size == 2 }) / Double(max(1, moments.count))
    }

    /// Latencies of the pictures shown since `start`, in milliseconds, shortest first.
    func latencies(since start: MonotonicTime) -> [Double] {
        audience.seen.filter { $0.presentAt >= start }.map {
            let number = Int($0.number % SimulatedCamera.numbersPerLayer)
            return ($0.presentAt - (begin + SimulatedCamera.interval * number)).inMilliseconds
        }.sorted()
    }

    private var nextTime: MonotonicTime? {
        var times = asked.map(\.time) + [nextPicture, nextSound, nextAllocation, nextMoment]
        times += [packets.first?.time, room.nextTime, subscriber.nextTime, requests.nextDeadline?.time]
            .compactMap(\.self)
        return times.min()
    }

    private func step() {
        while subscriber.receive(from: &room, at: now) { drainSubscriber() }
        while room.receive(from: &subscriber, at: now) { drainRoom() }
        for request in asked where request.time <= now { camera.requestKeyframe(of: request.layer) }
        asked.removeAll { $0.time <= now }
        if nextPicture <= now {
            packets += camera.next(at: now)
            nextPicture += SimulatedCamera.interval
        }
        while let packet = packets.first, packet.time <= now {
            packets.removeFirst()
            pass(packet)
        }
        if nextSound <= now {
            nextSound += .milliseconds(20)
            passSound()
        }
        room.engine.advance(to: now)
        drainRoom()
        subscriber.engine.advance(to: now)
        drainSubscriber()
        if nextAllocation <= now { allocate() }
        refresh()
        note()
    }

    private func note() {
        guard nextMoment <= now else { return }
        nextMoment = now + .milliseconds(20)
        course.append(
            Moment(
                time: now, size: forwarder.current?.spatial, estimate: estimate,
                wait: forward.waitingTime(at: now)))
    }

    private func pass(_ packet: SimulatedCamera.Packet) {
        meter.receive(packet.description, bytes: packet.payload.count, at: now)
        requests.receive(packet.description)
        let isNew = liveness.receive(
            packet.description.stream, startsFrame: packet.description.startsLayer, at: now)
        if isNew { refresh() }
        if let position = forwarder.receive(packet.description, clocks: [nil, nil, nil], at: now) {
            send(packet, as: position)
        }
        if packet.description.startsFrame { refresh() }
    }

    private func send(_ packet: SimulatedCamera.Packet, as position: ForwardedPosition) {
        var header = packet.header
        header.sequenceNumber = position.sequenceNumber
        header.timestamp = position.timestamp
        header.marker = position.isMarked
        var payload = packet.payload
        if let picture = position.picture, var descriptor = VP8Descriptor(parsing: packet.payload.span) {
            let length = descriptor.encodedLength
            descriptor.pictureID = picture.pictureID
            descriptor.tl0PictureIndex = picture.baseLayerIndex
            descriptor.keyIndex = picture.keyIndex
            payload = []
            descriptor.append(to: &payload)
            payload += packet.payload[length...]
        }
        room.engine.forward(header, payload: payload.span, original: payload.span, on: Self.video, at: now)
        drainRoom()
    }

    private func passSound() {
        let header = RTPHeader(
            marker: false, payloadType: PayloadType(111), sequenceNumber: soundSequence,
            timestamp: UInt32(soundSequence) * 960, ssrc: SSRC(9))
        soundSequence &+= 1
        let payload = [0x78] + [UInt8](repeating: 7, count: 99)
        room.engine.forward(header, payload: payload.span, original: payload.span, on: Self.audio, at: now)
        drainRoom()
    }

    private func drainRoom() {
        while let event = room.nextEvent(at: now) {
            switch consume event {
            case .keyframeRequested:
                if let stream = forwarder.noteStuck() { requests.want(stream) }
            case .bandwidthEstimate(let estimate):
                self.estimate = estimate
                allocation.receive(estimate, at: now)
                allocate()
            default: break
            }
        }
    }

    private func drainSubscriber() {
        while let event = subscriber.nextEvent(at: now) { audience.receive(event, at: now) }
    }

    /// As the room does it.
    private func allocate() {
        nextAllocation = now + Self.allocationInterval
        let demand = DownlinkAllocation.Demand(
            track: TrackSID(text: "TR_VC"), rates: meter.rates(at: now), maximum: .highest)
        let grants = allocation.allocate([demand], sound: .kilobits(66), at: now)
        if let grant = grants.first, grant != forwarder.grant {
            forwarder.allow(grant, isShort: allocation.isShort)
            if allocation.isShort { room.engine.discardForwarded(on: Self.video) }
            refresh()
        }
        let wanted = allocation.wantedBitrate
        let change = abs(wanted.bitsPerSecond - toldWanted.bitsPerSecond)
        guard Double(change) > 0.1 * Double(toldWanted.bitsPerSecond) else { return }
        toldWanted = wanted
        room.engine.update(maximumBitrate: wanted, at: now)
        drainRoom()
    }

    private func refresh() {
        if let stream = forwarder.choose(liveness, at: now) { requests.want(stream) }
        while let stream = requests.nextRequest(at: now) { asked.append((stream, now + Self.askingTime)) }
    }

    private func negotiate(_ options: Options) {
        var extensions = HeaderExtensionMap([.mid: 4])
        var sound = SimulatedSection.sound(Self.audio, feedback: ["nack"], extensions: extensions)
        sound.declaresSources = false
        room.offer(sound, to: &subscriber, at: now)
        extensions[.absoluteSendTime] = 2
        if options.reportsArrivals { extensions[.transportSequence] = 3 }
        var pictures = SimulatedSection.pictures(
            Self.video,
            feedback: ["nack", "nack pli", "ccm fir", "goog-remb"]
                + (options.reportsArrivals ? ["transport-cc"] : []),
            extensions: extensions)
        pictures.declaresSources = false
        room.offer(pictures, to: &subscriber, at: now)
    }
}
