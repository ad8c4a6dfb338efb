package import MediaCore
import RTP

/// What the path to the other side carries, from either of two kinds of feedback.
extension PeerEngine {
    /// Smaller changes of the estimate are not told: an encoder would not notice.
    private static let leastChange = 0.02
    /// However much is repeated, this share of the estimate is left for media.
    private static let leastMedia = 0.5

    /// Says how much is published at most, sound and repeats included; the estimate stays below, and probes go
    /// for it.
    package mutating func update(maximumBitrate: Bitrate, at now: MonotonicTime) {
        let now = clamp(now)
        bandwidth.update(maximum: maximumBitrate, at: now)
        filler.update(wanted: maximumBitrate)
        tellBandwidth(at: now)
        beginProbe(at: now)
    }

    /// Where estimating starts counts before the first feedback too: pictures begin no faster.
    mutating func tellFirstBandwidth(of description: SendDescription?) {
        guard let description, description.kind == .video, description.getsArrivalReports,
            toldBandwidth == nil
        else { return }
        toldBandwidth = BandwidthEstimator.start
        outputs.append(.event(.bandwidthEstimate(BandwidthEstimator.start)))
    }

    /// Arrivals of our packets: the estimate is ours.
    mutating func receive(_ feedback: TransportFeedback, at now: MonotonicTime) {
        outputs.append(.event(.transportFeedback(feedback, at: now)))
        let isBack = bandwidth.receive(feedback, roundTrip: roundTrip.roundTrip, at: now)
        tellBandwidth(at: now)
        if isBack { requestKeyframes() }
        beginProbe(at: now)
    }

    /// Tells what is left of the estimate beside the repeats, if it has changed.
    mutating func tellBandwidth(at now: MonotonicTime) {
        guard let target = bandwidth.target else { return }
        updatePace()
        // Whoever makes the pictures makes room for repeats at once; a room has to live with what it gets.
        let isForwarding = senders.contains { $0.isForwarding }
        let repeats = isForwarding ? repeatRate.usual(at: now) : repeatRate.current(at: now)
        let left = max(
            target * Self.leastMedia, Bitrate(bitsPerSecond: target.bitsPerSecond - repeats.bitsPerSecond))
        let told = toldBandwidth?.bitsPerSecond ?? 0
        guard Double(abs(left.bitsPerSecond - told)) > Double(told) * Self.leastChange else { return }
        toldBandwidth = left
        outputs.append(.event(.bandwidthEstimate(left)))
    }

    /// Packets leave faster than they are made on average: the more so, the more is left of the path. While a queue
    /// has to empty, only the estimate counts, whatever is made.
    mutating func updatePace() {
        let factor = bandwidth.paceFactor
        guard let target = bandwidth.target else { return pacer.update(target: videoBitrate) }
        pacer.update(target: factor > 1 ? max(videoBitrate, target) : target, factor: factor)
    }

    /// An estimate of the receiver's; counts only when no arrivals are reported.
    mutating func receive(_ estimate: ReceiverEstimatedMaximumBitrate, at now: MonotonicTime) {
        guard !senders.contains(where: { $0.description?.getsArrivalReports ?? false }) else { return }
        outputs.append(.event(.bandwidthEstimate(estimate.bitrate)))
        // Who makes pictures himself follows the estimate; a room sends what there is, far below perhaps.
        guard senders.contains(where: { $0.isForwarding }) else { return }
        filler.receive(estimate.bitrate, at: now)
    }
}

extension SendDescription {
    /// Whether the receiver tells when packets arrive.
    var getsArrivalReports: Bool {
        extensions[.transportSequence] != nil && codecs.contains { $0.feedback.contains("transport-cc") }
    }
}
