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

    var forward: LinkModel
    var backward: LinkModel
    private(set) var audience = SimulatedAudience()
    private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    /// One entry every 20 ms.
    private(set) var course: [Moment] = []
    let begin: MonotonicTime

    private let pool = PacketPool()
    private var room: PeerEngine
    private var subscriber: PeerEngine
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
        forward = LinkModel(options.forward, seed: options.seed &* 2 &+ 1)
        backward = LinkModel(options.backward, seed: options.seed &* 2 &+ 2)
        camera = SimulatedCamera(options.rates, seed: options.seed &* 3 &+ 7)
        begin = now
        (nextPicture, nextSound, nextAllocation, nextMoment) = (now, now + .milliseconds(3), now, now)
        room = .unprotected(seed: options.seed, at: now)
        subscriber = .unprotected(seed: options.seed &+ 1, at: now)
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
        var times = [nextPicture, nextSound, nextAllocation, nextMoment]
        times += [forward.nextArrival, backward.nextArrival, packets.first?.time].compactMap(\.self)
        times += asked.map(\.time)
        times += [room.nextDeadline?.time, subscriber.nextDeadline?.time, requests.nextDeadline?.time]
            .compactMap(\.self)
        return times.min()
    }

    private func step() {
        while let bytes = forward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            subscriber.receive(packet, at: now)
            drainSubscriber()
        }
        while let bytes = backward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            room.receive(packet, at: now)
            drainRoom()
        }
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
        room.advance(to: now)
        drainRoom()
        subscriber.advance(to: now)
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
        if packet.description.isKeyframe { requests.settle(packet.description.stream) }
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
        room.forward(header, payload: payload.span, original: payload.span, on: Self.video, at: now)
        drainRoom()
    }

    private func passSound() {
        let header = RTPHeader(
            marker: false, payloadType: PayloadType(111), sequenceNumber: soundSequence,
            timestamp: UInt32(soundSequence) * 960, ssrc: SSRC(9))
        soundSequence &+= 1
        let payload = [0x78] + [UInt8](repeating: 7, count: 99)
        room.forward(header, payload: payload.span, original: payload.span, on: Self.audio, at: now)
        drainRoom()
    }

    private func drainRoom() {
        let outputs = EngineOutputs(of: &room)
        for datagram in outputs.datagrams { forward.send(datagram, at: now) }
        for _ in outputs.keyframeRequests {
            if let stream = forwarder.noteStuck() { requests.want(stream) }
        }
        for estimate in outputs.estimates {
            self.estimate = estimate
            allocation.receive(estimate, at: now)
            allocate()
        }
    }

    private func drainSubscriber() {
        let outputs = EngineOutputs(of: &subscriber)
        for datagram in outputs.datagrams { backward.send(datagram, at: now) }
        for picture in outputs.pictures { audience.receive(picture.frame, at: now) }
    }

    /// As the room does it.
    private func allocate() {
        nextAllocation = now + Self.allocationInterval
        let demand = DownlinkAllocation.Demand(
            track: TrackSID(text: "TR_VC"), rates: meter.rates(at: now), maximum: .highest)
        let grants = allocation.allocate([demand], sound: .kilobits(66), at: now)
        if let grant = grants.first, grant != forwarder.grant {
            forwarder.allow(grant, isShort: allocation.isShort)
            if allocation.isShort { room.discardForwarded(on: Self.video) }
            refresh()
        }
        let wanted = allocation.wantedBitrate
        let change = abs(wanted.bitsPerSecond - toldWanted.bitsPerSecond)
        guard Double(change) > 0.1 * Double(toldWanted.bitsPerSecond) else { return }
        toldWanted = wanted
        room.update(maximumBitrate: wanted, at: now)
        drainRoom()
    }

    private func refresh() {
        if let stream = forwarder.choose(liveness, at: now) { requests.want(stream) }
        while let stream = requests.nextRequest(at: now) { asked.append((stream, now + Self.askingTime)) }
    }

    private func negotiate(_ options: Options) {
        let arrivals = options.reportsArrivals ? ["transport-cc"] : []
        let pictures = [
            CodecDescription(
                SimulatedCamera.codec, "VP8", clockRate: 90_000,
                feedback: ["nack", "nack pli", "ccm fir", "goog-remb"] + arrivals),
            CodecDescription(PayloadType(97), "rtx", clockRate: 90_000, format: "apt=96"),
        ]
        let opus = CodecDescription(
            PayloadType(111), "opus", clockRate: 48_000, channels: 2, feedback: ["nack"])
        var extensions = HeaderExtensionMap([.absoluteSendTime: 2, .mid: 4])
        if options.reportsArrivals { extensions[.transportSequence] = 3 }
        let sound = HeaderExtensionMap([.mid: 4])
        room.setSending(
            SendDescription(
                kind: .audio, codecs: [opus], extensions: sound, cname: "a",
                encodings: [.init(ssrc: SSRC(1_111))]),
            on: Self.audio, at: now)
        room.setSending(
            SendDescription(
                kind: .video, codecs: pictures, extensions: extensions, cname: "a",
                encodings: [.init(ssrc: SSRC(2_222), retransmissionSSRC: SSRC(3_333))]),
            on: Self.video, at: now)
        subscriber.setReceiving(
            ReceiveDescription(kind: .audio, codecs: [opus], extensions: sound, sources: []),
            on: Self.audio, at: now)
        subscriber.setReceiving(
            ReceiveDescription(kind: .video, codecs: pictures, extensions: extensions, sources: []),
            on: Self.video, at: now)
    }
}
