import MediaCore
import RTP

// Probes: bursts that show whether the path carries more.
extension PeerEngine {
    /// A stream that has been silent for longer gets no padding: its receiver may be gone.
    private static let recently: Duration = .milliseconds(500)

    /// Begins a probe if one is due, and there is a stream to fill it with.
    mutating func beginProbe(at now: MonotonicTime) {
        guard pacer.probe == nil, paddingStream(at: now) != nil, let plan = bandwidth.nextProbe(at: now)
        else { return }
        pacer.begin(plan)
        sendPaced(at: now)
    }

    /// Sends a packet that only fills the path; ends the probe when there is none.
    mutating func sendPadding(of byteCount: Int, at now: MonotonicTime) {
        let count = outputs.count
        if let (section, encoding) = paddingStream(at: now) {
            transmit(.padding(upTo: byteCount), section: section, encoding: encoding, at: now)
        }
        if outputs.count == count { pacer.endProbe() }
    }

    /// The stream of pictures that sent last, among those that can.
    private func paddingStream(at now: MonotonicTime) -> (section: Int, encoding: Int)? {
        var latest = now - Self.recently
        var found: (section: Int, encoding: Int)?
        for section in senders.indices where senders[section].description?.getsArrivalReports ?? false {
            for encoding in senders[section].encodings.indices {
                let stream = senders[section].encodings[encoding].stream
                guard stream.canPad, let time = stream.lastDeparture, time > latest else { continue }
                (latest, found) = (time, (section, encoding))
            }
        }
        return found
    }
}
