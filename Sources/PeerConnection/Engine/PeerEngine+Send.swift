package import MediaCore
package import RTP

extension PeerEngine {
    /// Bytes of payload in one packet, at most: with headers, encryption and TURN it stays below
    /// 1,280 bytes.
    static let maximumPayload = 1_140
    /// Somebody else's packets wait so long at most before they are dropped.
    private static let longestForwardWait: Duration = .milliseconds(500)
    /// What IPv4 and UDP add to each packet, which takes its share of the path too.
    private static let pathBytes = 28

    /// Sends one encoded frame in a section; `encoding` is the index of a simulcast layer. Frame
    /// mode.
    package mutating func send(
        _ frame: EncodedFrame, on mid: MediaID, encoding: Int = 0, audioLevel: AudioLevel? = nil,
        at now: MonotonicTime
    ) {
        let now = clamp(now)
        guard protection.isReady, let section = senders.firstIndex(where: { $0.mid == mid }),
            senders[section].encodings.indices.contains(encoding),
            let payloadType = senders[section].payloadType(of: frame.codec)
        else {
            drops.unsendableFrames += 1
            return
        }
        switch frame.codec {
        case .opus: sendSound(frame, payloadType, audioLevel, section: section, encoding: encoding, at: now)
        case .vp8, .vp9, .h264, .av1:
            sendPicture(frame, payloadType, section: section, encoding: encoding, at: now)
        }
    }

    /// Passes on somebody else's packet: sound at once, pictures in the order of the pacer where the path is known.
    /// Packet mode.
    ///
    /// `header` has the new sequence number, timestamp and payload type; its source and what
    /// concerns this transport are replaced here. `original` is the packet the header was parsed
    /// from: opaque extensions are copied from it.
    package mutating func forward(
        _ header: RTPHeader, payload: Span<UInt8>, original: Span<UInt8>, on mid: MediaID,
        at now: MonotonicTime
    ) {
        let now = clamp(now)
        guard protection.isReady, let section = senders.firstIndex(where: { $0.mid == mid }) else {
            drops.unsendableFrames += 1
            return
        }
        let isKept: Void? = senders[section].withEncoding(0) { encoding in
            encoding.stream.append(forwarded: header, of: original, payload: payload)
            encoding.stream.reporter.passed(header.timestamp, at: now)
        }
        guard isKept != nil else { return }
        senders[section].isForwarding = true
        bandwidth.isForwarding = true
        guard senders[section].description?.kind == .video, bandwidth.target != nil else {
            transmit(.new(header.sequenceNumber), section: section, encoding: 0, at: now)
            return beginProbe(at: now)
        }
        // Whoever made it does not know of this path; what is late by more is asked for again, or replaced.
        guard pacer.waitingTime < Self.longestForwardWait else { return drops.congestedPackets += 1 }
        let size = payload.count + SendSection.headerBytes
        _ = pacer.append(.init(stream: section << 4, sequence: header.sequenceNumber, byteCount: size))
        sendPaced(at: now)
        beginProbe(at: now)
    }

    private mutating func sendSound(
        _ frame: EncodedFrame, _ payloadType: PayloadType, _ level: AudioLevel?, section: Int, encoding: Int,
        at now: MonotonicTime
    ) {
        guard !frame.bytes.isEmpty, frame.bytes.count < Self.maximumPayload else { return }
        let sequence = senders[section].withEncoding(encoding) {
            $0.append(
                sound: frame, payloadType, level, within: bandwidth.target,
                maximumPayload: Self.maximumPayload)
        }
        guard let sequence else { return }
        transmit(.new(sequence), section: section, encoding: encoding, at: now)
    }

    private mutating func sendPicture(
        _ frame: EncodedFrame, _ payloadType: PayloadType, section: Int, encoding index: Int,
        at now: MonotonicTime
    ) {
        let isUseful = frame.isKeyframe || !senders[section].encodings[index].isWaitingForKeyframe
        let needed = frame.bytes.count / Self.maximumPayload + 1
        guard isUseful, pacer.count + needed <= Pacer.capacity else {
            return leaveOut(isUseful: isUseful, section: section, encoding: index)
        }
        senders[section].encodings[index].isWaitingForKeyframe = false
        senders[section].encodings[index].append(
            frame, payloadType: payloadType, maximumPayload: Self.maximumPayload
        ) { sequence, byteCount in
            _ = pacer.append(.init(stream: section << 4 | index, sequence: sequence, byteCount: byteCount))
        }
        sendPaced(at: now)
        beginProbe(at: now)
    }

    /// A picture that does not fit behind those that wait takes all that build on it along, until
    /// the next key frame.
    private mutating func leaveOut(isUseful: Bool, section: Int, encoding: Int) {
        drops.congestedFrames += 1
        guard isUseful else { return }
        senders[section].encodings[encoding].isWaitingForKeyframe = true
        let source = senders[section].encodings[encoding].stream.configuration.ssrc
        outputs.append(.event(.keyframeRequested(senders[section].mid, source)))
    }

    /// Sends what the pacer lets go.
    mutating func sendPaced(at now: MonotonicTime) {
        while let departure = pacer.next(at: now) {
            switch departure {
            case .padding(let byteCount): sendPadding(of: byteCount, at: now)
            case .packet(let item):
                transmit(
                    item.isRepeat ? .repeated(item.sequence) : .new(item.sequence), section: item.stream >> 4,
                    encoding: item.stream & 15, at: now)
            }
        }
    }

    /// Writes, protects and hands out one packet.
    mutating func transmit(
        _ content: PacketContent, section: Int, encoding: Int, at now: MonotonicTime
    ) {
        guard senders.indices.contains(section), let description = senders[section].description else {
            return
        }
        let number = description.extensions[.transportSequence] == nil ? nil : nextTransportSequence
        let departure = SendStream.Departure(transportSequence: number, time: now)
        var packet = configuration.pool.take()
        let isWritten =
            senders[section].withEncoding(encoding) { encoding in
                switch content {
                case .new(let sequence): encoding.stream.write(sequence, into: &packet, at: departure)
                case .repeated(let sequence):
                    encoding.stream.writeRepeat(of: sequence, into: &packet, at: departure)
                case .padding(let byteCount):
                    encoding.stream.writePadding(upTo: byteCount, into: &packet, at: departure)
                }
            } ?? false
        guard isWritten else { return }
        if case .padding = content { pacer.note(packet.count, at: now) }
        guard protection.apply(.protect, to: &packet) else {
            drops.unsendablePackets += 1
            return
        }
        if let number {
            bandwidth.sent(
                number, byteCount: packet.count + Self.pathBytes, probe: pacer.probe, at: now)
            nextTransportSequence &+= 1
        }
        filler.sent(packet.count + Self.pathBytes)
        outputs.append(.transmit(packet))
    }

    /// Sends control packets together in one datagram.
    mutating func sendControl(_ packets: [RTCPPacket]) {
        guard protection.isReady else { return }
        var bytes: [UInt8] = []
        for packet in packets { packet.append(to: &bytes) }
        var packet = configuration.pool.take()
        guard !bytes.isEmpty, packet.append(bytes.span), protection.apply(.protectRTCP, to: &packet) else {
            drops.unsendablePackets += 1
            return
        }
        outputs.append(.transmit(packet))
    }
}

/// What a packet is made of.
enum PacketContent: Hashable, Sendable {
    /// The kept packet of this number, which leaves for the first time.
    case new(UInt16)
    /// The kept packet of this number once more.
    case repeated(UInt16)
    /// Nothing new, of about this size.
    case padding(upTo: Int)
}
