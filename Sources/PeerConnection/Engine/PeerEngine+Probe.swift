import MediaCore
import RTP

// Probes: bursts that show whether the path carries more.
extension PeerEngine {
    /// A stream that has been silent for longer gets no padding: its receiver may be gone.
    private static let recently: Duration = .milliseconds(500)

    /// Begins a probe if one is due, and there is a stream to fill it with.
    mutating func beginProbe(at now: MonotonicTime) {
        guard pacer.probe == nil, probedStream(at: now) != nil, let plan = bandwidth.nextProbe(at: now)
        else { return }
        pacer.begin(plan)
        sendPaced(at: now)
    }

    /// Sends a packet that only fills the path; ends the probe when there is none.
    mutating func sendPadding(of byteCount: Int, at now: MonotonicTime) {
        let count = outputs.count
        if let (section, encoding) = probedStream(at: now) {
            transmit(.padding(upTo: byteCount), section: section, encoding: encoding, at: now)
        }
        if outputs.count == count { pacer.endProbe() }
    }

    /// Sends padding to a receiver that estimates itself, so that it can see more arrive.
    mutating func fillPath(at now: MonotonicTime) {
        while let byteCount = filler.nextPadding(at: now) {
            let count = outputs.count
            if let (section, encoding) = paddingStream(at: now, among: \.isForwarding) {
                let size = min(byteCount, Self.maximumPayload)
                transmit(.padding(upTo: size), section: section, encoding: encoding, at: now)
            }
            if outputs.count == count { return filler.end(at: now) }
        }
    }

    private func probedStream(at now: MonotonicTime) -> (section: Int, encoding: Int)? {
        paddingStream(at: now) { $0.description?.getsArrivalReports ?? false }
    }

    /// The stream of pictures that sent last, among those that can.
    private func paddingStream(
        at now: MonotonicTime, among isMeant: (SendSection) -> Bool
    ) -> (section: Int, encoding: Int)? {
        var latest = now - Self.recently
        var found: (section: Int, encoding: Int)?
        for section in senders.indices where isMeant(senders[section]) {
            for encoding in senders[section].encodings.indices {
                let stream = senders[section].encodings[encoding].stream
                guard stream.canPad, let time = stream.lastDeparture, time > latest else { continue }
                (latest, found) = (time, (section, encoding))
            }
        }
        return found
    }
}
