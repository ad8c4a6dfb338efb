package import MediaCore
package import PeerConnection
package import RTP

/// What an engine put out since it was last asked, as values a test can keep and compare.
package struct EngineOutputs {
    /// A packet of packet mode.
    package struct Passed {
        /// Its section.
        package var mid: MediaID
        /// Its simulcast layer.
        package var rid: String?
        /// The header of the original packet.
        package var header: RTPHeader
        /// Extended sequence number.
        package var sequence: Int64
        /// The payload alone.
        package var payload: [UInt8]
        /// The whole datagram.
        package var datagram: [UInt8]
        /// Whether it came as a repeat.
        package var isRepeat: Bool
    }

    /// Datagrams to be sent.
    package var datagrams: [[UInt8]] = []
    /// Packets to be passed on.
    package var passed: [Passed] = []
    /// Pictures by section.
    package var pictures: [(mid: MediaID, frame: EncodedFrame)] = []
    /// Packets of sound by section.
    package var sound: [(mid: MediaID, packet: ReceivedAudioPacket)] = []
    /// Sources whose receivers want key frames.
    package var keyframeRequests: [SSRC] = []
    /// Loss that streams of ours were to be prepared for, in percent.
    package var expectedLosses: [Int] = []
    /// What the path was believed to carry.
    package var estimates: [Bitrate] = []
    /// Sender reports by source.
    package var senderReports: [SenderReport] = []

    /// Empties an engine.
    package init(of engine: inout PeerEngine) {
        while let output = engine.nextOutput() {
            switch consume output {
            case .transmit(let packet): datagrams.append(packet.withBytes { Array($0) })
            case .event(let event): take(event)
            }
        }
    }

    private mutating func take(_ event: consuming PeerEngineEvent) {
        switch consume event {
        case .videoFrame(let mid, let frame): pictures.append((mid, frame))
        case .audioPacket(let mid, let packet): sound.append((mid, packet))
        case .packet(let packet): take(packet)
        case .senderReport(_, _, let report, at: _): senderReports.append(report)
        case .keyframeRequested(_, let source): keyframeRequests.append(source)
        case .lossExpected(_, let percent): expectedLosses.append(percent)
        case .transportFeedback: break
        case .bandwidthEstimate(let bitrate): estimates.append(bitrate)
        }
    }

    private mutating func take(_ packet: borrowing ReceivedPacket) {
        let datagram = packet.buffer.withBytes { Array($0) }
        passed.append(
            Passed(
                mid: packet.mid, rid: packet.rid?.string, header: packet.header, sequence: packet.sequence,
                payload: Array(datagram[packet.payload]), datagram: datagram, isRepeat: packet.isRepeat))
    }
}

extension PeerEngine {
    /// An engine without encryption, as a test wants it.
    package static func unprotected(seed: UInt64 = 1, at now: MonotonicTime = .zero) -> PeerEngine {
        var engine = PeerEngine(
            configuration: PeerEngineConfiguration(
                unixNanosecondsAtZero: 1_700_000_000_000_000_000, seed: seed),
            now: now)
        engine.passThrough(at: now)
        return engine
    }

    /// Feeds datagrams.
    package mutating func receive(_ datagrams: [[UInt8]], from pool: PacketPool, at now: MonotonicTime) {
        for datagram in datagrams {
            guard let packet = pool.take(copying: datagram.span) else { continue }
            receive(packet, at: now)
        }
    }
}
