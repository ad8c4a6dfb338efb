package import MediaCore
package import PeerConnection
package import RTP

/// Watches and listens at one end of a simulated call, and keeps count.
package struct SimulatedAudience: Sendable {
    /// One picture that was handed to the decoder.
    package struct Seen: Sendable {
        /// Its number.
        package var number: UInt32
        /// Whether it was a key frame.
        package var isKeyframe: Bool
        /// When it was handed over.
        package var time: MonotonicTime
        /// When it is to be shown.
        package var presentAt: MonotonicTime
    }

    /// Pictures, in the order of decoding.
    package private(set) var seen: [Seen] = []
    /// Pictures a decoder could not have decoded: must stay zero.
    package private(set) var undecodableCount = 0
    /// Pictures whose bytes are wrong: must stay zero.
    package private(set) var damagedCount = 0
    /// The sound's jitter buffer, which the speaker asks about every 20 ms.
    package private(set) var sound = AudioJitterBuffer()
    /// Packets of sound played, by extended sequence number.
    package private(set) var heard: [Int64] = []
    /// Packets' lengths of sound without anything to decode, after the first packet.
    package private(set) var silenceCount = 0
    /// Sender reports that came.
    package private(set) var senderReportCount = 0
    /// Longest time between two pictures.
    package private(set) var longestPause: Duration = .zero
    /// Freezes of the picture.
    package private(set) var freezes = FreezeMeter()
    /// Numbers of the pictures that were decoded since the last key frame.
    private var decoded: Set<UInt32> = []

    /// Makes an audience that has seen nothing.
    package init() {}

    /// Something comes out of the engine.
    package mutating func receive(_ event: consuming PeerEngineEvent, at now: MonotonicTime) {
        switch consume event {
        case .videoFrame(_, let frame): receive(frame, at: now)
        case .audioPacket(_, let packet): sound.receive(packet)
        case .senderReport: senderReportCount += 1
        default: break
        }
    }

    /// A picture goes to the decoder.
    package mutating func receive(_ frame: EncodedFrame, at now: MonotonicTime) {
        guard let number = SimulatedPicture.number(of: frame) else {
            damagedCount += 1
            return
        }
        let presentAt = max(frame.presentAt ?? now, now)
        if frame.isKeyframe { decoded.removeAll() }
        if let reference = SimulatedPicture.reference(of: frame, number: number), !decoded.contains(reference)
        {
            undecodableCount += 1
        }
        decoded.insert(number)
        if let last = seen.last { longestPause = max(longestPause, presentAt - last.presentAt) }
        freezes.show(at: presentAt)
        seen.append(Seen(number: number, isKeyframe: frame.isKeyframe, time: now, presentAt: presentAt))
    }

    /// What a share of the pictures was not older than when it was shown, if the first was captured at
    /// `start` and the others every `interval`.
    package func latency(quantile share: Double, from start: MonotonicTime, interval: Duration) -> Duration {
        let sorted = seen.map { $0.presentAt - (start + interval * Int($0.number)) }.sorted()
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    /// The speaker needs sound; answers how long what it gets lasts. A change of tempo is worth 5 ms.
    package mutating func listen(at now: MonotonicTime) -> Duration {
        switch sound.next(at: now) {
        case .packet(let packet, let tempo):
            heard.append(packet.sequence)
            return .milliseconds(20) + Self.change(by: tempo)
        case .lost(_, let tempo): return .milliseconds(20) + Self.change(by: tempo)
        case .late: return .milliseconds(10)
        case .silence:
            if !heard.isEmpty { silenceCount += 1 }
            return .milliseconds(20)
        }
    }

    private static func change(by tempo: AudioTempo) -> Duration {
        switch tempo {
        // The sound has no pauses.
        case .even, .faster(.pause), .slower(.pause): .zero
        case .faster: .milliseconds(-5)
        case .slower: .milliseconds(5)
        }
    }
}
