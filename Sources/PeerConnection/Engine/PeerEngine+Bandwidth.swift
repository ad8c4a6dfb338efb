package import MediaCore
import RTP

/// What the path to the other side carries, from either of two kinds of feedback.
extension PeerEngine {
    /// Smaller changes of the estimate are not told: an encoder would not notice.
    private static let leastChange = 0.02

    /// Says how much is published at most, sound and repeats included; the estimate stays below.
    package mutating func update(maximumBitrate: Bitrate) {
        bandwidth.maximum = maximumBitrate
    }

    /// Arrivals of our packets: the estimate is ours.
    mutating func receive(_ feedback: TransportFeedback, at now: MonotonicTime) {
        outputs.append(.event(.transportFeedback(feedback, at: now)))
        bandwidth.receive(feedback, roundTrip: roundTrip.roundTrip, at: now)
        guard let target = bandwidth.target else { return }
        let change = abs(target.bitsPerSecond - (toldBandwidth?.bitsPerSecond ?? 0))
        guard Double(change) > Double(toldBandwidth?.bitsPerSecond ?? 0) * Self.leastChange else { return }
        toldBandwidth = target
        outputs.append(.event(.bandwidthEstimate(target)))
    }

    /// An estimate of the receiver's; counts only when no arrivals are reported.
    mutating func receive(_ estimate: ReceiverEstimatedMaximumBitrate) {
        guard !senders.contains(where: { $0.description?.getsArrivalReports ?? false }) else { return }
        outputs.append(.event(.bandwidthEstimate(estimate.bitrate)))
    }
}

extension SendDescription {
    /// Whether the receiver tells when packets arrive.
    var getsArrivalReports: Bool {
        extensions[.transportSequence] != nil && codecs.contains { $0.feedback.contains("transport-cc") }
    }
}
