import MediaCore
import PeerConnection
import RTP

/// A participant who sends, a room that passes on, and a participant who watches, in virtual time without delay.
///
/// Every packet moves from engine to engine in its own buffer. Control packets come and go as in life, but only what
/// happens to media is counted.
struct CheckedCall: ~Copyable {
    private var sending = Tally("sending")
    private var arriving = Tally("receiving in a room")
    private var forwarding = Tally("passing on")
    // The bytes of a picture or a packet of sound, put together for the decoder, live on as an array.
    private var watching = Tally("receiving pictures and sound", allowedPerFrame: 1)

    private var now = MonotonicTime(nanoseconds: 5_000_000_000)
    private var publisher: PeerEngine
    private var inlet: PeerEngine
    private var outlet: PeerEngine
    private var viewer: PeerEngine
    /// Control packets on their way, which nobody counts.
    private var toPublisher: [[UInt8]] = []
    private var toOutlet: [[UInt8]] = []
    private let pool = PacketPool()

    /// `hasCopies`: whether packets of sound carry those before them.
    init(hasCopies: Bool) {
        publisher = Calls.makeEngine(seed: 1, pool: pool, at: now)
        inlet = Calls.makeEngine(seed: 2, pool: pool, at: now)
        outlet = Calls.makeEngine(seed: 3, pool: pool, at: now)
        viewer = Calls.makeEngine(seed: 4, pool: pool, at: now)
        Calls.addSending(to: &publisher, firstSource: 1_000, hasCopies: hasCopies, at: now)
        Calls.addReceiving(to: &inlet, mode: .packets, at: now)
        Calls.addSending(to: &outlet, firstSource: 2_000, hasCopies: hasCopies, at: now)
        Calls.addReceiving(to: &viewer, mode: .frames, at: now)
    }

    /// What was counted.
    var tallies: [Tally] { [sending, arriving, forwarding, watching] }

    /// Runs for so many pictures; from `warm` on, allocations are counted.
    mutating func run(pictures: Int, warm: Int, traced: String?) {
        for number in 0..<pictures {
            if number == warm {
                sending.start(traced: traced)
                arriving.start(traced: traced)
                forwarding.start(traced: traced)
                watching.start(traced: traced)
            }
            let due = now + Calls.frameInterval
            send(Calls.picture(number, at: now), on: Calls.video)
            send(Calls.sound(number, at: now), on: Calls.audio)
            while let next = nextTime, next <= due {
                now = max(now, next)
                advance()
            }
            now = due
        }
    }

    private var nextTime: MonotonicTime? {
        [
            publisher.nextDeadline?.time, inlet.nextDeadline?.time, outlet.nextDeadline?.time,
            viewer.nextDeadline?.time,
        ].compactMap { $0 }.min()
    }
}

extension CheckedCall {
    private mutating func send(_ frame: EncodedFrame, on mid: MediaID) {
        let start = sending.begin()
        publisher.send(frame, on: mid, at: now)
        sending.end(start, frames: 1)
        drainPublisher()
    }

    /// Lets every engine do what is due; what a machine does for reports and feedback is not counted.
    private mutating func advance() {
        if let deadline = publisher.nextDeadline, deadline.time <= now {
            let start = sending.begin()
            publisher.advance(to: now)
            sending.end(start, isCounted: deadline.reason == .pacing)
            drainPublisher()
        }
        if let deadline = viewer.nextDeadline, deadline.time <= now {
            let start = watching.begin()
            viewer.advance(to: now)
            watching.end(start, isCounted: deadline.reason == .jitter)
            drainViewer()
        }
        inlet.advance(to: now)
        drainInlet()
        outlet.advance(to: now)
        drainOutlet()
        deliverControl()
    }

    private mutating func deliverControl() {
        for bytes in toPublisher {
            if let packet = pool.take(copying: bytes.span) { publisher.receive(packet, at: now) }
            drainPublisher()
        }
        for bytes in toOutlet {
            if let packet = pool.take(copying: bytes.span) { outlet.receive(packet, at: now) }
            drainOutlet()
        }
        toPublisher = []
        toOutlet = []
    }

    private mutating func drainPublisher() {
        while true {
            let start = sending.begin()
            let output = publisher.nextOutput()
            sending.end(start)
            guard let output else { return }
            guard case .transmit(let packet) = consume output else { continue }
            let isMedia = packet.isMedia
            sending.note(packets: isMedia ? 1 : 0)
            let arrival = arriving.begin()
            inlet.receive(packet, at: now)
            arriving.end(arrival, packets: 1, isCounted: isMedia)
            drainInlet()
        }
    }

    private mutating func drainInlet() {
        while true {
            let start = arriving.begin()
            let output = inlet.nextOutput()
            arriving.end(start)
            guard let output else { return }
            switch consume output {
            case .transmit(let packet): toPublisher.append(packet.withBytes { Array($0) })
            case .event(let event): if case .packet(let packet) = consume event { pass(packet) }
            }
        }
    }

    private mutating func pass(_ packet: consuming ReceivedPacket) {
        let (header, payload, mid, now) = (packet.header, packet.payload, packet.mid, now)
        let start = forwarding.begin()
        packet.buffer.withSpan { original in
            outlet.forward(
                header, payload: original.extracting(payload), original: original, on: mid, at: now)
        }
        forwarding.end(start, packets: 1)
        drainOutlet()
    }

    private mutating func drainOutlet() {
        while true {
            let start = forwarding.begin()
            let output = outlet.nextOutput()
            forwarding.end(start)
            guard let output else { return }
            guard case .transmit(let packet) = consume output else { continue }
            let isMedia = packet.isMedia
            let arrival = watching.begin()
            viewer.receive(packet, at: now)
            watching.end(arrival, packets: 1, isCounted: isMedia)
            drainViewer()
        }
    }

    private mutating func drainViewer() {
        while true {
            let start = watching.begin()
            let output = viewer.nextOutput()
            watching.end(start)
            guard let output else { return }
            switch consume output {
            case .transmit(let packet): toOutlet.append(packet.withBytes { Array($0) })
            case .event(let event):
                switch consume event {
                case .videoFrame: watching.note(frames: 1)
                case .audioPacket: watching.note(frames: 1)
                default: break
                }
            }
        }
    }
}

extension PacketBuffer {
    /// Whether it is RTP and not RTCP (RFC 5761 §4).
    fileprivate var isMedia: Bool {
        withBytes { $0.count > 1 && !(192...223).contains($0[1]) }
    }
}
