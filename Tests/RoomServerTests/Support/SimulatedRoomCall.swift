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
    private static let vp8 = CodecDescription(
        PayloadType(96), "VP8", clockRate: 90_000, feedback: ["nack", "nack pli", "transport-cc"])
    private static let repeats = CodecDescription(PayloadType(97), "rtx", clockRate: 90_000, format: "apt=96")
    private static let map = HeaderExtensionMap([.transportSequence: 3, .absoluteSendTime: 2, .mid: 4])

    /// Who watches.
    private(set) var audience = SimulatedAudience()
    /// Virtual time.
    private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    /// Key frames that the publisher was asked for.
    private(set) var keyframeRequestCount = 0
    /// Pictures that were sent.
    private(set) var sentFrames = 0
    /// Links by direction; the first of each pair carries pictures.
    var up: (forward: LinkModel, backward: LinkModel)
    var down: (forward: LinkModel, backward: LinkModel)

    private var publisher: PeerEngine
    private var inlet: PeerEngine
    private var outlet: PeerEngine
    private var viewer: PeerEngine
    private var forwarder = Forwarder(clockRate: 90_000, isOneStream: true, beginsAnywhere: false)
    private var liveness = LayerLiveness(count: TrackLayer.spatialCount)
    private var requests = KeyframeRequests(count: 1)
    private var pictures = SimulatedPicture(timestamp: 1_000)
    private var nextPicture: MonotonicTime
    private let most: Bitrate
    private let pool = PacketPool()

    init(_ options: Options) {
        up = (
            LinkModel(options.up, seed: options.seed &* 4 &+ 1),
            LinkModel(options.up, seed: options.seed &* 4 &+ 2)
        )
        down = (
            LinkModel(options.down, seed: options.seed &* 4 &+ 3),
            LinkModel(options.down, seed: options.seed &* 4 &+ 4)
        )
        most = options.bitrate
        nextPicture = now
        publisher = .unprotected(seed: options.seed, at: now)
        inlet = .unprotected(seed: options.seed &+ 1, at: now)
        outlet = .unprotected(seed: options.seed &+ 2, at: now)
        viewer = .unprotected(seed: options.seed &+ 3, at: now)
        pictures.hasTemporalLayers = options.hasTemporalLayers
        pictures.follow(options.bitrate, interval: Self.interval)
        connect(&publisher, to: &inlet, sources: (10, 11), mode: .packets)
        connect(&outlet, to: &viewer, sources: (20, 21), mode: .frames)
        publisher.update(maximumBitrate: options.bitrate * 1.2, at: now)
        outlet.update(maximumBitrate: options.bitrate * 1.2, at: now)
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

    private func connect(
        _ sender: inout PeerEngine, to receiver: inout PeerEngine, sources: (UInt32, UInt32),
        mode: MediaMode
    ) {
        let codecs = [Self.vp8, Self.repeats]
        let (media, repeated) = (SSRC(sources.0), SSRC(sources.1))
        sender.setSending(
            SendDescription(
                kind: .video, codecs: codecs, extensions: Self.map, cname: "c",
                encodings: [.init(ssrc: media, retransmissionSSRC: repeated)]),
            on: Self.mid, at: now)
        receiver.setReceiving(
            ReceiveDescription(
                kind: .video, codecs: codecs, extensions: Self.map,
                sources: [.init(ssrc: media, retransmissionSSRC: repeated)], mode: mode),
            on: Self.mid, at: now)
    }

    private var nextTime: MonotonicTime? {
        [
            nextPicture, up.forward.nextArrival, up.backward.nextArrival, down.forward.nextArrival,
            down.backward.nextArrival, publisher.nextDeadline?.time, inlet.nextDeadline?.time,
            outlet.nextDeadline?.time, viewer.nextDeadline?.time,
        ].compactMap { $0 }.min()
    }

    private func step() {
        while let bytes = up.forward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            inlet.receive(packet, at: now)
            drainInlet()
        }
        while let bytes = up.backward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            publisher.receive(packet, at: now)
            drainPublisher()
        }
        while let bytes = down.forward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            viewer.receive(packet, at: now)
            drainViewer()
        }
        while let bytes = down.backward.receive(at: now), let packet = pool.take(copying: bytes.span) {
            outlet.receive(packet, at: now)
            drainOutlet()
        }
        capture()
        publisher.advance(to: now)
        drainPublisher()
        inlet.advance(to: now)
        drainInlet()
        outlet.advance(to: now)
        drainOutlet()
        viewer.advance(to: now)
        drainViewer()
    }

    private func capture() {
        guard nextPicture <= now else { return }
        nextPicture += Self.interval
        sentFrames += 1
        publisher.send(pictures.next(at: now, interval: Self.interval), on: Self.mid, at: now)
    }

    private func drainPublisher() {
        while let output = publisher.nextOutput() {
            switch consume output {
            case .transmit(let packet): up.forward.send(packet.withBytes { Array($0) }, at: now)
            case .event(let event):
                switch consume event {
                case .keyframeRequested:
                    keyframeRequestCount += 1
                    pictures.requestKeyframe()
                case .bandwidthEstimate(let bitrate):
                    pictures.follow(max(.kilobits(30), min(most, bitrate * 0.94)), interval: Self.interval)
                    publisher.update(videoBitrate: pictures.bitrate(interval: Self.interval))
                default: break
                }
            }
        }
    }

    private func drainInlet() {
        while let output = inlet.nextOutput() {
            switch consume output {
            case .transmit(let packet): up.backward.send(packet.withBytes { Array($0) }, at: now)
            case .event(let event):
                switch consume event {
                case .packet(let packet): forward(packet)
                default: break
                }
            }
        }
    }

    /// As the room does with one subscriber.
    private func forward(_ packet: borrowing ReceivedPacket) {
        let description = packet.describe(Self.vp8, 0)
        if description.isKeyframe { requests.settle(0) }
        liveness.receive(0, startsFrame: description.startsLayer, at: now)
        if let position = forwarder.receive(description, clocks: [nil], at: now) {
            var header = packet.header
            header.sequenceNumber = position.sequenceNumber
            header.timestamp = position.timestamp
            header.marker = position.isMarked
            packet.buffer.withSpan {
                outlet.forward(
                    header, payload: $0.extracting(packet.payload), original: $0, on: Self.mid, at: now)
            }
        }
        if description.startsFrame { refresh() }
    }

    private func refresh() {
        if forwarder.choose(liveness, at: now) != nil { requests.want(0) }
        let forwarder = forwarder
        requests.settle { forwarder.awaits($0) }
        if let time = inlet.roundTripTime { requests.update(roundTrip: time) }
        while requests.nextRequest(at: now) != nil {
            inlet.requestKeyframe(on: Self.mid, at: now)
        }
    }

    private func drainOutlet() {
        while let output = outlet.nextOutput() {
            switch consume output {
            case .transmit(let packet): down.forward.send(packet.withBytes { Array($0) }, at: now)
            case .event(let event):
                switch consume event {
                case .keyframeRequested:
                    if let stream = forwarder.noteStuck() { requests.want(stream) }
                    refresh()
                    drainInlet()
                default: break
                }
            }
        }
    }

    private func drainViewer() {
        while let output = viewer.nextOutput() {
            switch consume output {
            case .transmit(let packet): down.backward.send(packet.withBytes { Array($0) }, at: now)
            case .event(let event):
                switch consume event {
                case .videoFrame(_, let frame): audience.receive(frame, at: now)
                default: break
                }
            }
        }
    }
}
