import MediaCore
import PeerConnection
import RTP

/// Passing media on: every packet that comes from a publisher goes through here.
extension ServerRoom {
    /// Passes a packet on to everybody who is to get it.
    func forward(_ packet: borrowing ReceivedPacket, from sid: ParticipantSID) {
        guard let track = clients[sid]?.published.first(where: { $0.mid == packet.mid }),
            let codec = track.codec(of: packet.header.payloadType),
            let stream = track.stream(of: packet.header.ssrc, rid: packet.rid)
        else { return }
        let now = packet.arrival
        if track.noteSource(packet.header.ssrc, of: stream) { noteCodec(codec, of: track) }
        if track.kind == .audio { noteLoudness(packet.header, of: track, at: now) }
        var description = packet.describe(codec, stream)
        description.isLate = track.orders[stream].receive(packet.sequence)
        if track.isOneStream { description.needsSmallerSize = track.sizes.receive(description) }
        // A layer that comes up may be what somebody waits for, and begins with a key picture.
        if note(description, bytes: packet.payload.count, of: track, at: now) { refresh(track, at: now) }
        for downlink in track.downlinks where downlink.isBound {
            guard let position = downlink.forwarder.receive(description, clocks: track.clocks, at: now) else {
                continue
            }
            send(packet, codec, as: position, on: downlink, isOnlySource: track.isOneStream)
        }
        if description.startsFrame { refresh(track, at: now) }
    }

    /// Takes note of what a publisher sends; answers whether a layer has come up.
    private func note(
        _ packet: PublishedPacket, bytes: Int, of track: PublishedTrack, at now: MonotonicTime
    ) -> Bool {
        track.meter.receive(packet, bytes: bytes, at: now)
        track.requests.receive(packet)
        // Padding shows that a stream is alive as well.
        return track.liveness.receive(
            packet.layer.spatial, startsFrame: packet.startsLayer && !packet.isPadding, at: now)
    }

    private func send(
        _ packet: borrowing ReceivedPacket, _ codec: CodecDescription, as position: ForwardedPosition,
        on downlink: Downlink, isOnlySource: Bool
    ) {
        guard let mid = downlink.mid else { return }
        var header = packet.header
        position.write(to: &header, of: codec.codec, isOneStream: isOnlySource)
        packet.buffer.withSpan { original in
            var payload = original.extracting(packet.payload)
            if let type = downlink.payloadType(for: codec) {
                header.payloadType = type
            } else if codec.isNamed("red"), let block = REDPayload(parsing: payload)?.primary,
                let plain = downlink.codecs.first(where: { $0.codec == .opus })
            {
                // The subscriber does not take redundancy: it gets the newest block alone.
                header.payloadType = plain.payloadType
                payload = payload.extracting(block.range)
            } else {
                return
            }
            if rewriter.rewrite(payload, at: position) {
                let rewritten = rewriter.bytes
                downlink.peer.forwardOnLoop(header, payload: rewritten.span, original: original, on: mid)
            } else {
                downlink.peer.forwardOnLoop(header, payload: payload, original: original, on: mid)
            }
        }
    }

    /// The codec in use may be another than the first one that was negotiated.
    private func noteCodec(_ codec: CodecDescription, of track: PublishedTrack) {
        // A further codec is the one that was asked for.
        guard codec.codec != nil, track.stream.codec == 0 else { return }
        if state.identifiedCodec("\(track.kind.rawValue)/\(codec.name)", of: track.sid) {
            chooseCodecs(of: track.sid)
        }
        performAll()
    }

    private func noteLoudness(_ header: RTPHeader, of track: PublishedTrack, at now: MonotonicTime) {
        guard let level = header.extensions.audioLevel, !track.isMuted else { return }
        // Packets of sound last 20 ms here and everywhere; a guess is good enough for a meter.
        state.speakers.receive(level: level.level, lasting: .milliseconds(20), from: track.publisher, at: now)
    }

    /// A publisher has told how its timestamps lie on its wall clock.
    func learnClock(_ report: SenderReport, of source: SSRC, on mid: MediaID, from sid: ParticipantSID) {
        guard let track = clients[sid]?.published.first(where: { $0.mid == mid }),
            let stream = track.stream(of: source, rid: nil)
        else { return }
        track.clocks[stream] = LayerClock(time: report.ntp.unixNanoseconds, timestamp: report.timestamp)
    }

    /// A subscriber cannot go on without a key picture.
    func keyframeRequested(on mid: MediaID, by sid: ParticipantSID) {
        guard let downlink = clients[sid]?.downlinks.first(where: { $0.mid == mid }),
            let track = tracks[downlink.source],
            let stream = downlink.forwarder.noteStuck()
        else { return }
        track.requests.want(stream)
        refresh(track, at: SystemClock.now)
    }

    /// Looks again at what each subscriber of a track is to get, and asks the publisher for key pictures they need.
    func refresh(_ track: PublishedTrack, at now: MonotonicTime) {
        for downlink in track.downlinks
        where downlink.isBound && clients[downlink.subscriber]?.isReceiving == true {
            if let stream = downlink.forwarder.choose(track.liveness, at: now) { track.requests.want(stream) }
        }
        guard track.requests.isWaiting else { return }
        let downlinks = track.downlinks
        track.requests.settle { stream in downlinks.contains { $0.forwarder.awaits(stream) } }
        if let time = track.peer.assumeIsolated({ $0.roundTrip }) { track.requests.update(roundTrip: time) }
        while let stream = track.requests.nextRequest(at: now) {
            let (mid, source) = (track.mid, track.sources[stream])
            track.peer.assumeIsolated { $0.requestKeyframe(on: mid, ssrc: source) }
        }
    }
}
