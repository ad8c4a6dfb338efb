import MediaCore
import PeerConnection
import RTP

/// Passing media on: every packet that comes from a publisher goes through here.
extension ServerRoom {
    /// Passes a packet on to everybody who is to get it.
    func forward(_ packet: borrowing ReceivedPacket, from sid: ParticipantSID) {
        guard let track = clients[sid]?.published.first(where: { $0.mid == packet.mid }),
            let codec = track.codec(of: packet.header.payloadType),
            let layer = track.layer(of: packet.header.ssrc, rid: packet.rid)
        else { return }
        let now = packet.arrival
        if track.noteSource(packet.header.ssrc, of: layer) { noteCodec(codec, of: track) }
        if track.kind == .audio { noteLoudness(packet.header, of: track, at: now) }
        let description = describe(packet, codec, layer)
        track.liveness.receive(layer, startsFrame: description.startsFrame && !description.isPadding, at: now)
        if description.isKeyframe { track.requests.settle(layer) }
        for downlink in track.downlinks where downlink.isBound {
            guard let position = downlink.forwarder.receive(description, clocks: track.clocks, at: now) else {
                continue
            }
            send(packet, codec, as: position, on: downlink, isOnlySource: track.rids.count < 2)
        }
        if description.startsFrame { refresh(track, at: now) }
    }

    /// Looks at what a packet carries, as far as forwarding has to know.
    private func describe(
        _ packet: borrowing ReceivedPacket, _ codec: CodecDescription, _ layer: Int
    ) -> PublishedPacket {
        var description = PublishedPacket(
            layer: layer, sequence: packet.sequence, timestamp: packet.header.timestamp,
            isPadding: packet.payload.isEmpty)
        guard !description.isPadding, let kind = codec.codec,
            let depacketizer = VideoDepacketizer.make(for: kind)
        else {
            return description
        }
        packet.buffer.withSpan { bytes in
            let payload = bytes.extracting(packet.payload)
            let info = depacketizer.inspect(payload, marker: packet.header.marker)
            description.startsFrame = info?.startsFrame ?? false
            description.isKeyframe = info?.isKeyframe ?? false
            guard kind == .vp8, let descriptor = VP8Descriptor(parsing: payload) else { return }
            description.picture = VP8Counters(
                pictureID: descriptor.pictureID, baseLayerIndex: descriptor.tl0PictureIndex,
                keyIndex: descriptor.keyIndex)
        }
        return description
    }

    private func send(
        _ packet: borrowing ReceivedPacket, _ codec: CodecDescription, as position: ForwardedPosition,
        on downlink: Downlink, isOnlySource: Bool
    ) {
        guard let mid = downlink.mid else { return }
        var header = packet.header
        header.sequenceNumber = position.sequenceNumber
        header.timestamp = position.timestamp
        // Frame numbers in a descriptor are the layer's own: they do not survive a change of layers.
        if !isOnlySource { header.extensions.forgetRawRange(of: .dependencyDescriptor) }
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
            if let picture = position.picture, let descriptor = VP8Descriptor(parsing: payload) {
                rewrite(descriptor, picture, of: payload)
                let rewritten = scratch
                downlink.peer.assumeIsolated {
                    $0.forward(header, payload: rewritten.span, original: original, on: mid)
                }
            } else {
                downlink.peer.assumeIsolated {
                    $0.forward(header, payload: payload, original: original, on: mid)
                }
            }
        }
    }

    /// Writes the payload with other counters into `scratch`.
    private func rewrite(_ descriptor: VP8Descriptor, _ picture: VP8Counters, of payload: Span<UInt8>) {
        let length = descriptor.encodedLength
        var descriptor = descriptor
        descriptor.pictureID = picture.pictureID
        // Numbers beyond seven bits need the long form, and a layer may have used the short one.
        descriptor.hasLongPictureID = picture.pictureID != nil
        descriptor.tl0PictureIndex = picture.baseLayerIndex
        descriptor.keyIndex = picture.keyIndex
        scratch.removeAll(keepingCapacity: true)
        descriptor.append(to: &scratch)
        for index in min(length, payload.count)..<payload.count { scratch.append(payload[index]) }
    }

    /// The codec in use may be another than the first one that was negotiated.
    private func noteCodec(_ codec: CodecDescription, of track: PublishedTrack) {
        guard codec.codec != nil else { return }
        state.identifiedCodec("\(track.kind.rawValue)/\(codec.name)", of: track.sid)
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
            let layer = track.layer(of: source, rid: nil)
        else { return }
        track.clocks[layer] = LayerClock(time: report.ntp.unixNanoseconds, timestamp: report.timestamp)
    }

    /// A subscriber cannot go on without a key picture.
    func keyframeRequested(on mid: MediaID, by sid: ParticipantSID) {
        guard let downlink = clients[sid]?.downlinks.first(where: { $0.mid == mid }),
            let track = tracks[downlink.track],
            let layer = downlink.forwarder.current
        else { return }
        track.requests.want(layer)
        refresh(track, at: SystemClock.now)
    }

    /// Looks again at what each subscriber of a track is to get, and asks the publisher for key pictures they need.
    func refresh(_ track: PublishedTrack, at now: MonotonicTime) {
        for downlink in track.downlinks
        where downlink.isBound && clients[downlink.subscriber]?.isReceiving == true {
            if let layer = downlink.forwarder.choose(track.liveness, at: now) { track.requests.want(layer) }
        }
        while let layer = track.requests.nextRequest(at: now) {
            let (mid, source) = (track.mid, track.sources[layer])
            track.peer.assumeIsolated { $0.requestKeyframe(on: mid, ssrc: source) }
        }
    }
}
