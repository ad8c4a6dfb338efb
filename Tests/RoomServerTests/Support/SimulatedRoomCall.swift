import MediaCore
import PeerConnection
import RTP
import RoomTestKit

@testable import RoomServer

/// A call through a room in virtual time: a publisher, both sides of the room with what decides about packets and key
/// frames between them, and a viewer. Everything follows from the seed.
final class SimulatedRoomCall {
    /// How the call begins.
    struct Options {
        /// The way from the publisher to the room, and back.
        var up = LinkModel.Settings.perfect
        /// The way from the room to the viewer, and back.
        var down = SimulatedRoomCall.near
        /// What pictures are encoded at, at most.
        var bitrate = Bitrate.kilobits(2_000)
        /// Whether pictures have three temporal layers.
        var hasTemporalLayers = true
        /// Seed of all accidents.
        var seed: UInt64 = 1
    }

    /// A way to the next house.
    static var near: LinkModel.Settings {
        var settings = LinkModel.Settings()
        settings.delay = .microseconds(500)
        return settings
    }

    static let mid: MediaID = "0"
    static let interval: Duration = .nanoseconds(33_333_333)
    private static let section = SimulatedSection.pictures(
        mid, feedback: ["nack", "nack pli", "transport-cc"],
        extensions: HeaderExtensionMap([.transportSequence: 3, .absoluteSendTime: 2, .mid: 4]))

    /// Who watches.
    private(set) var audience = SimulatedAudience()
    /// Virtual time.
    private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    /// Key frames that the publisher was asked for.
    private(set) var keyframeRequestCount = 0
    /// Pictures that were sent.
    private(set) var sentFrames = 0
    /// While true nothing gets through between the publisher and the room.
    var isWayUpCut = false {
        didSet { (publisher.link.isDown, inlet.link.isDown) = (isWayUpCut, isWayUpCut) }
    }

    private var publisher: SimulatedEnd
    private var inlet: SimulatedEnd
    private var outlet: SimulatedEnd
    private var viewer: SimulatedEnd
    private var forwarder = Forwarder(clockRate: 90_000, isOneStream: true, beginsAnywhere: false)
    private var order = ArrivalOrder()
    private var liveness = LayerLiveness(count: TrackLayer.spatialCount)
    private var requests = KeyframeRequests(count: 1)
    private var pictures = SimulatedPicture(timestamp: 1_000)
    private var nextPicture: MonotonicTime
    private let most: Bitrate

    init(_ options: Options) {
        most = options.bitrate
        nextPicture = now
        let seed = options.seed
        publisher = SimulatedEnd(options.up, linkSeed: seed &* 4 &+ 1, engineSeed: seed, at: now)
        inlet = SimulatedEnd(options.up, linkSeed: seed &* 4 &+ 2, engineSeed: seed &+ 1, at: now)
        outlet = SimulatedEnd(options.down, linkSeed: seed &* 4 &+ 3, engineSeed: seed &+ 2, at: now)
        viewer = SimulatedEnd(options.down, linkSeed: seed &* 4 &+ 4, engineSeed: seed &+ 3, at: now)
        pictures.hasTemporalLayers = options.hasTemporalLayers
        pictures.follow(options.bitrate, interval: Self.interval)
        var published = Self.section
        (published.source, published.repeats) = (SSRC(10), SSRC(11))
        publisher.offer(published, to: &inlet, mode: .packets, at: now)
        outlet.offer(Self.section, to: &viewer, at: now)
        publisher.engine.update(maximumBitrate: options.bitrate * 1.2, at: now)
        outlet.engine.update(maximumBitrate: options.bitrate * 1.2, at: now)
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

    private var nextTime: MonotonicTime? {
        [nextPicture, publisher.nextTime, inlet.nextTime, outlet.nextTime, viewer.nextTime]
            .compactMap(\.self).min()
    }

    private func step() {
        while inlet.receive(from: &publisher, at: now) { drainInlet() }
        while publisher.receive(from: &inlet, at: now) { drainPublisher() }
        while viewer.receive(from: &outlet, at: now) { drainViewer() }
        while outlet.receive(from: &viewer, at: now) { drainOutlet() }
        capture()
        publisher.engine.advance(to: now)
        drainPublisher()
        inlet.engine.advance(to: now)
        drainInlet()
        outlet.engine.advance(to: now)
        drainOutlet()
        viewer.engine.advance(to: now)
        drainViewer()
    }

    private func capture() {
        guard nextPicture <= now else { return }
        nextPicture += Self.interval
        sentFrames += 1
        publisher.engine.send(pictures.next(at: now, interval: Self.interval), on: Self.mid, at: now)
    }

    private func drainPublisher() {
        while let event = publisher.nextEvent(at: now) {
            switch consume event {
            case .keyframeRequested:
                keyframeRequestCount += 1
                pictures.requestKeyframe()
            case .bandwidthEstimate(let bitrate):
                pictures.follow(max(.kilobits(30), min(most, bitrate * 0.94)), interval: Self.interval)
                publisher.engine.update(videoBitrate: pictures.bitrate(interval: Self.interval))
            default: break
            }
        }
    }

    private func drainInlet() {
        while let event = inlet.nextEvent(at: now) {
            switch consume event {
            case .packet(let packet): forward(packet)
            default: break
            }
        }
    }

    /// As the room does with one subscriber.
    private func forward(_ packet: borrowing ReceivedPacket) {
        var description = packet.describe(Self.section.codecs[0], 0)
        description.isLate = order.receive(packet.sequence)
        requests.receive(description)
        liveness.receive(0, startsFrame: description.startsLayer, at: now)
        if let position = forwarder.receive(description, clocks: [nil], at: now) {
            var header = packet.header
            header.sequenceNumber = position.sequenceNumber
            header.timestamp = position.timestamp
            header.marker = position.isMarked
            packet.buffer.withSpan {
                outlet.engine.forward(
                    header, payload: $0.extracting(packet.payload), original: $0, on: Self.mid, at: now)
            }
        }
        if description.startsFrame { refresh() }
    }

    private func refresh() {
        if forwarder.choose(liveness, at: now) != nil { requests.want(0) }
        let forwarder = forwarder
        requests.settle { forwarder.awaits($0) }
        if let time = inlet.engine.roundTripTime { requests.update(roundTrip: time) }
        while requests.nextRequest(at: now) != nil {
            inlet.engine.requestKeyframe(on: Self.mid, at: now)
        }
    }

    private func drainOutlet() {
        while let event = outlet.nextEvent(at: now) {
            switch consume event {
            case .keyframeRequested:
                if let stream = forwarder.noteStuck() { requests.want(stream) }
                refresh()
                drainInlet()
            default: break
            }
        }
    }

    private func drainViewer() {
        while let event = viewer.nextEvent(at: now) { audience.receive(event, at: now) }
    }
}
