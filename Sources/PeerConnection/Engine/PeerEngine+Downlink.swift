import MediaCore
import RTP

// What the path to this side carries, estimated here because the sender does not do it.
extension PeerEngine {
    /// Begins or ends to estimate, as the sections want it.
    mutating func updateDownlink() {
        let isWanted = receivers.contains { $0.description?.reportsEstimate ?? false }
        downlink = isWanted ? downlink ?? RemoteBitrateReporter() : nil
    }

    /// Counts a packet, whatever becomes of it: padding and repeats fill the path like pictures.
    mutating func measure(_ header: RTPHeader, bytes: Int, section: Int, at now: MonotonicTime) {
        guard downlink != nil, let time = header.extensions.absoluteSendTime,
            receivers[section].description?.reportsEstimate ?? false
        else { return }
        downlink?.receive(absoluteSendTime: time, bytes: bytes, at: now)
    }

    /// One report is about all streams of pictures together.
    mutating func sendDownlinkEstimate(at now: MonotonicTime) {
        guard let rate = downlink?.nextReport(at: now) else { return }
        var ssrcs: [SSRC] = []
        for section in receivers where section.description?.reportsEstimate ?? false {
            ssrcs += section.tracks.map(\.ssrc)
        }
        let report = ReceiverEstimatedMaximumBitrate(sender: feedbackSource, bitrate: rate, ssrcs: ssrcs)
        sendControl([.remb(report)])
    }
}
