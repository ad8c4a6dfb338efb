package import MediaCore
import PeerTransport
import RTP

extension PeerEngine {
    /// Takes a protected datagram from the network.
    package mutating func receive(_ datagram: consuming PacketBuffer, at now: MonotonicTime) {
        let now = clamp(now)
        switch datagram.withBytes({ DatagramKind($0) }) {
        case .rtp: receiveRTP(datagram, at: now)
        case .rtcp: receiveRTCP(datagram, at: now)
        default: drops.notMedia += 1
        }
    }

    private mutating func receiveRTP(_ datagram: consuming PacketBuffer, at now: MonotonicTime) {
        var packet = datagram
        guard protection.apply(.unprotect, to: &packet) else {
            drops.unprotected += 1
            return
        }
        let extensions = receiveExtensions
        guard let header = packet.withSpan({ RTPHeader(parsing: $0, map: extensions) }) else {
            drops.malformed += 1
            return
        }
        if let number = header.extensions.transportSequence {
            arrivals?.receive(number, of: header.ssrc, at: now)
        }
        guard let route = findRoute(of: header) else {
            drops.unknownSource += 1
            return
        }
        measure(header, bytes: packet.count, section: route.section, at: now)
        guard let meaning = receivers[route.section].payloads[header.payloadType] else {
            drops.unknownPayloadType += 1
            return
        }
        if case .repeated(let original) = meaning {
            receiveRepeat(packet, header, of: original, on: route, at: now)
        } else {
            receiveMedia(packet, header, meaning, on: route, at: now)
        }
    }

    private mutating func receiveMedia(
        _ packet: consuming PacketBuffer, _ header: RTPHeader, _ meaning: PayloadTable.Meaning,
        on route: SourceTable.Route, at now: MonotonicTime
    ) {
        let payload = header.payloadRange(of: packet.count)
        guard let track = receivers[route.section].track(route.stream) else { return }
        guard
            let accepted = receivers[route.section].tracks[track].stream.receive(
                header.sequenceNumber, timestamp: header.timestamp, payloadBytes: payload.count, at: now)
        else { return }
        let arrived = Arrived(header: header, payload: payload, accepted: accepted, time: now)
        deliver(packet, arrived, meaning, section: route.section, track: track)
    }

    /// RFC 4588 §4: the payload of a repeat is the original sequence number and the original payload.
    private mutating func receiveRepeat(
        _ packet: consuming PacketBuffer, _ header: RTPHeader, of original: PayloadType,
        on route: SourceTable.Route, at now: MonotonicTime
    ) {
        let range = header.payloadRange(of: packet.count)
        // Without an original number it is padding, which probes the path.
        guard range.count >= 2, let number = packet.withSpan({ $0.uint16(at: range.lowerBound) }),
            let meaning = receivers[route.section].payloads[original],
            let track = receivers[route.section].track(route.stream),
            let accepted = receivers[route.section].tracks[track].stream.receive(
                retransmissionOf: number, at: now)
        else { return }
        var header = header
        header.ssrc = route.stream
        header.sequenceNumber = number
        header.payloadType = original
        let payload = range.lowerBound + 2..<range.upperBound
        let arrived = Arrived(header: header, payload: payload, accepted: accepted, time: now)
        deliver(packet, arrived, meaning, section: route.section, track: track)
    }
}

/// A packet that was accepted, with its header as the original had it.
private struct Arrived {
    var header: RTPHeader
    var payload: Range<Int>
    var accepted: AcceptedPacket
    var time: MonotonicTime
    /// Whether it was inside one of the packets that followed (RFC 2198).
    var isCopy = false
}

extension PeerEngine {
    private mutating func deliver(
        _ packet: consuming PacketBuffer, _ arrived: Arrived, _ meaning: PayloadTable.Meaning, section: Int,
        track: Int
    ) {
        guard receivers[section].description?.mode == .frames else {
            return pass(packet, arrived, section: section, track: track)
        }
        switch meaning {
        case .media(let codec) where codec.isVideo:
            let roundTrip = roundTrip.roundTrip
            packet.withSpan { bytes in
                receivers[section].tracks[track].receiveVideo(
                    arrived.header, codec: codec, sequence: arrived.accepted.sequence,
                    payload: bytes.extracting(arrived.payload),
                    at: arrived.time, roundTrip: roundTrip)
            }
            drainVideo(section: section, track: track)
        case .media:
            packet.withSpan {
                deliverSound($0.extracting(arrived.payload), arrived, section: section, track: track)
            }
        case .redundancy:
            packet.withSpan {
                deliverRedundancy($0.extracting(arrived.payload), arrived, section: section, track: track)
            }
        case .opaque, .repeated:
            drops.unknownPayloadType += 1
        }
    }

    private mutating func pass(
        _ packet: consuming PacketBuffer, _ arrived: Arrived, section: Int, track: Int
    ) {
        let rid = receivers[section].tracks[track].rid
        outputs.append(
            .event(
                .packet(
                    ReceivedPacket(
                        mid: receivers[section].mid, rid: rid, header: arrived.header,
                        sequence: arrived.accepted.sequence,
                        payload: arrived.payload, isRepeat: arrived.accepted.isRepeat, arrival: arrived.time,
                        buffer: packet))))
    }

    private mutating func deliverSound(_ payload: Span<UInt8>, _ arrived: Arrived, section: Int, track: Int) {
        // Senders probe with packets that carry nothing.
        guard !payload.isEmpty else { return }
        guard
            let packet = receivers[section].tracks[track].makeAudioPacket(
                arrived.accepted, isCopy: arrived.isCopy, timestamp: arrived.header.timestamp,
                payload: payload, at: arrived.time)
        else {
            drops.malformed += 1
            return
        }
        outputs.append(.event(.audioPacket(receivers[section].mid, packet)))
    }

    /// RFC 2198: the copies stand for the packets just before this one; those that did come are
    /// left out.
    private mutating func deliverRedundancy(
        _ payload: Span<UInt8>, _ arrived: Arrived, section: Int, track: Int
    ) {
        guard !payload.isEmpty else { return }
        guard let split = REDPayload(parsing: payload) else {
            drops.malformed += 1
            return
        }
        for index in 0..<split.redundantCount {
            guard let block = split.redundant(at: index), !block.range.isEmpty else { continue }
            let (distance, sound) = (split.redundantCount - index, payload.extracting(block.range))
            let number = arrived.header.sequenceNumber &- UInt16(truncatingIfNeeded: distance)
            guard
                let accepted = receivers[section].tracks[track].stream.receive(
                    retransmissionOf: number, at: arrived.time)
            else { continue }
            var copy = arrived
            copy.accepted = accepted
            // How late copies come is what sound has to wait for on a path that loses packets, but not those that
            // waited for the end of a pause.
            let length = OpusPayload(parsing: sound)?.sampleCount ?? 0
            copy.isCopy = Int(block.timestampOffset) <= distance * length
            copy.accepted.isRepeat = !copy.isCopy
            copy.header.timestamp = arrived.header.timestamp &- block.timestampOffset
            deliverSound(sound, copy, section: section, track: track)
        }
        deliverSound(payload.extracting(split.primary.range), arrived, section: section, track: track)
    }

    /// Passes on what the jitter buffer of a stream of pictures has ready.
    mutating func drainVideo(section: Int, track: Int) {
        guard let wanted = receivers[section].tracks[track].video?.firstWanted else { return }
        receivers[section].tracks[track].stream.forget(before: wanted)
        while let output = receivers[section].tracks[track].video?.nextOutput() {
            switch output {
            case .frame(let frame): outputs.append(.event(.videoFrame(receivers[section].mid, frame)))
            case .keyframeNeeded: sendKeyframeRequest(to: receivers[section].tracks[track].ssrc)
            }
        }
    }
}
