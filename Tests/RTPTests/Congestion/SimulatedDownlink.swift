import MediaCore
import RTP

/// A sender of pictures that obeys the estimate, a path with one bottleneck, and the estimator behind
/// it, in virtual milliseconds.
struct SimulatedDownlink {
    /// What the bottleneck carries, in bits per second.
    var capacity: Double
    /// What the sender sends if it may.
    var wanted: Double
    /// Share of packets that get lost.
    let loss: Double
    /// How unevenly packets arrive, in milliseconds.
    let jitter: Double
    /// What the clock of the sender shows at the beginning, in units of 2⁻¹⁸ seconds.
    var clockOffset: Int64
    private(set) var estimator = RemoteBitrateEstimator()
    /// Estimates after each millisecond with an arrival.
    private(set) var estimates: [(time: Double, rate: Double)] = []
    private(set) var now = 0.0
    /// The longest time a packet waited in front of the bottleneck.
    private(set) var longestQueue = 0.0

    private struct Packet {
        var arrival: Double
        var sendTime: UInt32
        var bytes: Int
    }

    private static let queueLimit = 1_000.0
    private var generator = SeededGenerator(seed: 7)
    private var travelling: [Packet] = []
    private var bottleneckFree = 0.0
    private var lastArrival = 0.0

    init(
        capacity: Double = 3_000_000, wanted: Double = 2_500_000, loss: Double = 0, jitter: Double = 0,
        clockOffset: Int64 = 0
    ) {
        self.capacity = capacity
        self.wanted = wanted
        self.loss = loss
        self.jitter = jitter
        self.clockOffset = clockOffset
    }

    /// The newest estimate in bits per second; 0 before there is one.
    var estimate: Double { Double(estimator.estimate?.bitsPerSecond ?? 0) }

    /// Lets time pass, a picture every 33 ms.
    mutating func run(seconds: Double) {
        let end = now + seconds * 1_000
        while now < end {
            deliver()
            if Int(now) % 33 == 0 { sendPicture() }
            now += 1
        }
    }

    private mutating func sendPicture() {
        let rate = min(wanted, estimate == 0 ? 300_000 : estimate)
        var bytes = Int(rate / 8 * 0.033 * Double.random(in: 0.8...1.2, using: &generator))
        var left = now
        while bytes > 0 {
            send(min(bytes, 1_200), at: left)
            bytes -= 1_200
            // A pacer spreads the packets.
            left += 1
        }
    }

    private mutating func send(_ bytes: Int, at left: Double) {
        let begin = max(left, bottleneckFree)
        longestQueue = max(longestQueue, begin - left)
        guard begin - left < Self.queueLimit else { return }
        bottleneckFree = begin + Double(bytes * 8) / capacity * 1_000
        guard Double.random(in: 0..<1, using: &generator) >= loss else { return }
        let ticks = Int64(left * 262.144) + clockOffset
        let noise = jitter > 0 ? Double.random(in: 0..<jitter, using: &generator) : 0
        lastArrival = max(lastArrival, bottleneckFree + 20 + noise)
        travelling.append(
            Packet(
                arrival: lastArrival, sendTime: UInt32(truncatingIfNeeded: ticks) & 0xFF_FFFF, bytes: bytes))
    }

    private mutating func deliver() {
        let arrived = travelling.prefix { $0.arrival <= now }
        travelling.removeFirst(arrived.count)
        for packet in arrived {
            estimator.receive(
                absoluteSendTime: packet.sendTime, bytes: packet.bytes,
                at: MonotonicTime(nanoseconds: Int64(packet.arrival * 1_000_000)))
        }
        if !arrived.isEmpty, estimate > 0 { estimates.append((now, estimate)) }
    }
}
