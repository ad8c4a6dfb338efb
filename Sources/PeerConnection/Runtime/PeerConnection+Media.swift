import Logging
package import MediaCore
import PeerTransport
package import RTP

// Media: the engine between the application and the path.
extension PeerConnection {
    // MARK: Frame mode

    /// Sends an encoded frame in a section; `rid` names the simulcast layer. Any thread.
    package nonisolated func send(
        _ frame: EncodedFrame, on mid: MediaID, rid: String? = nil, audioLevel: AudioLevel? = nil
    ) {
        inbox.append(.send(frame, on: mid, rid: rid, audioLevel))
    }

    /// Asks the sender of a section for a key frame. Any thread.
    package nonisolated func askForKeyframe(on mid: MediaID) {
        inbox.append(.requestKeyframe(on: mid))
    }

    /// Says what all pictures together are encoded at, which paces them. Any thread.
    package nonisolated func setVideoBitrate(_ bitrate: Bitrate) {
        inbox.append(.setVideoBitrate(bitrate))
    }

    /// Says how much is published at most, sound and repeats included. Any thread.
    package nonisolated func setMaximumBitrate(_ bitrate: Bitrate) {
        inbox.append(.setMaximumBitrate(bitrate))
    }

    /// Sets who takes the media of a section; `nil` drops it.
    package func setReceiver(_ receiver: (any MediaReceiver)?, on mid: MediaID) {
        receivers[mid] = receiver
    }

    // MARK: Packet mode

    /// Sets who takes all packets; `nil` drops them.
    package func setPacketReceiver(_ receiver: (any PacketReceiver)?) {
        packetReceiver = receiver
    }

    /// Passes somebody else's packet on in a section.
    ///
    /// `header` has the new sequence number, timestamp and payload type; what concerns this transport
    /// is replaced.
    /// Opaque header extensions are copied from `original`, the packet that `header` was read from.
    package func forward(_ header: RTPHeader, payload: Span<UInt8>, original: Span<UInt8>, on mid: MediaID) {
        engine.forward(header, payload: payload, original: original, on: mid, at: SystemClock.now)
        drainMedia()
    }

    /// Forgets what was passed on in a section, because a key frame in a smaller size follows.
    package func discardForwarded(on mid: MediaID) {
        engine.discardForwarded(on: mid)
    }

    // MARK: Both

    /// Asks the sender of a section for a key frame, of one source or of all.
    package func requestKeyframe(on mid: MediaID, ssrc: SSRC? = nil) {
        engine.requestKeyframe(on: mid, ssrc: ssrc, at: SystemClock.now)
        drainMedia()
    }

    /// How long an answer of the other side takes; `nil` = not known yet.
    package var roundTrip: Duration? { engine.roundTripTime }

    /// What the media did so far.
    package func statistics() -> PeerStatistics {
        engine.statistics
    }

    // MARK: Steps

    /// Puts the media part of a finished exchange into force, where it changed.
    func applyMedia() {
        let now = SystemClock.now
        for section in negotiation.sections where section.kind != .application {
            let sending = section.sendDescription
            if sending != appliedSending[section.mid] {
                appliedSending[section.mid] = sending
                engine.setSending(sending, on: section.mid, at: now)
                drainMedia()
            }
            let receiving = section.receiveDescription(mode: configuration.mediaMode)
            if receiving != appliedReceiving[section.mid] {
                appliedReceiving[section.mid] = receiving
                engine.setReceiving(receiving, on: section.mid, at: now)
                drainMedia()
            }
        }
        startData()
    }

    /// Takes the keys of the finished handshake.
    func secureMedia(_ keys: SRTPKeys) {
        do throws(SRTPError) {
            try engine.secure(keys, at: SystemClock.now)
        } catch {
            logger.error("cannot use the media keys", metadata: ["error": "\(error)"])
        }
        drainMedia()
    }

    /// Takes a protected packet.
    func receiveMedia(_ datagram: consuming PacketBuffer, at now: MonotonicTime) {
        engine.receive(datagram, at: now)
        drainMedia()
    }

    /// Does what is due.
    func advanceMedia(to now: MonotonicTime) {
        engine.advance(to: now)
        drainMedia()
    }

    /// Does what other threads asked for.
    func takeCommands() {
        for command in inbox.take() {
            let now = SystemClock.now
            switch command {
            case .send(let frame, let mid, let rid, let level):
                // Before the first exchange the engine counts the frame as one it cannot send.
                let encoding = appliedSending[mid].map { $0.encodings.firstIndex { $0.rid == rid } } ?? 0
                guard let encoding else { continue }
                engine.send(frame, on: mid, encoding: encoding, audioLevel: level, at: now)
            case .requestKeyframe(let mid): engine.requestKeyframe(on: mid, at: now)
            case .setVideoBitrate(let bitrate): engine.update(videoBitrate: bitrate)
            case .setMaximumBitrate(let bitrate): engine.update(maximumBitrate: bitrate, at: now)
            }
            drainMedia()
        }
    }

    /// Performs what the engine wants done. A receiver may come back in from here; the outer loop goes
    /// on then.
    func drainMedia() {
        guard !isDrainingMedia else { return }
        isDrainingMedia = true
        while let output = engine.nextOutput() {
            switch consume output {
            case .transmit(let packet): transmit(packet)
            case .event(let event): perform(event)
            }
        }
        isDrainingMedia = false
        arm()
    }

    private func transmit(_ packet: consuming PacketBuffer) {
        let isSent = packet.withBytes { bytes in
            if DatagramKind(bytes) == .rtp { pathWatch.sent(at: SystemClock.now) }
            return ice?.send(bytes) ?? false
        }
        if !isSent { unsentDatagrams += 1 }
    }

    private func perform(_ event: consuming PeerEngineEvent) {
        switch consume event {
        case .videoFrame(let mid, let frame):
            receivers[mid]?.receive(video: frame, on: mid)
        case .audioPacket(let mid, let packet):
            receivers[mid]?.receive(audio: packet, on: mid)
        case .packet(let packet):
            packetReceiver?.receive(packet)
        case .senderReport(let mid, let source, let report, let time):
            receivers[mid]?.receive(senderReport: report, from: source, on: mid, at: time)
            packetReceiver?.receive(report, from: source, on: mid, at: time)
        case .keyframeRequested(let mid, let source):
            if let packetReceiver {
                packetReceiver.keyframeRequested(on: mid, of: source)
            } else {
                emit(.keyframeRequested(mid, source))
            }
        case .lossExpected(let mid, let percent): emit(.lossExpected(mid, percent: percent))
        case .transportFeedback: break
        case .bandwidthEstimate(let bitrate):
            emit(.sendBitrate(bitrate))
        }
    }
}
