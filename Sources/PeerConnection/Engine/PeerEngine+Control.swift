package import MediaCore
import PeerTransport
package import RTP

extension PeerEngine {
    /// Takes a protected compound of control packets (RFC 3550 §6.1).
    mutating func receiveRTCP(_ datagram: consuming PacketBuffer, at now: MonotonicTime) {
        var packet = datagram
        guard protection.apply(.unprotectRTCP, to: &packet) else {
            drops.unprotected += 1
            return
        }
        let parts = packet.withSpan { RTCPPacket.parseCompound($0) }
        if parts.isEmpty { drops.malformed += 1 }
        for part in parts { receive(part, at: now) }
    }

    private mutating func receive(_ packet: RTCPPacket, at now: MonotonicTime) {
        switch packet {
        case .senderReport(let report): receive(report, at: now)
        case .receiverReport(let report): receive(report.blocks, at: now)
        case .nack(let feedback): answer(feedback, at: now)
        case .pli(let request): noteKeyframeRequest(of: request.media)
        case .fir(let request):
            for entry in request.entries { noteKeyframeRequest(of: entry.media) }
        case .transportFeedback(let feedback): receive(feedback, at: now)
        case .remb(let estimate): receive(estimate, at: now)
        case .extendedReport(let report): receive(report, at: now)
        case .sourceDescription, .goodbye, .unknown: break
        }
    }

    private mutating func receive(_ report: SenderReport, at now: MonotonicTime) {
        receive(report.blocks, at: now)
        guard let route = sources.route(of: report.ssrc), route.stream == report.ssrc,
            let track = receivers[route.section].track(route.stream)
        else { return }
        receivers[route.section].tracks[track].stream.receive(report, at: now)
        outputs.append(.event(.senderReport(receivers[route.section].mid, report.ssrc, report, at: now)))
    }

    private mutating func receive(_ blocks: [ReportBlock], at now: MonotonicTime) {
        let middle = NTPTime(unixNanoseconds: unixNanoseconds(at: now)).middle
        var isRoundTripNew = false
        for block in blocks {
            for section in senders.indices {
                guard let encoding = senders[section].encoding(block.ssrc) else { continue }
                receive(block, section: section, encoding: encoding)
                let isNew = roundTrip.receive(
                    lastReport: block.lastSenderReport, delay: block.delaySinceLastSenderReport, now: middle)
                isRoundTripNew = isRoundTripNew || isNew
            }
        }
        if isRoundTripNew { spreadRoundTrip() }
    }

    /// The other side tells how much of a stream it misses.
    private mutating func receive(_ block: ReportBlock, section: Int, encoding index: Int) {
        let (mid, bitrate) = (senders[section].mid, bandwidth.target)
        let change = senders[section].withEncoding(index) { encoding -> Int? in
            encoding.stream.receive(block)
            encoding.loss.receive(fractionLost: encoding.stream.statistics.fractionLost)
            let expected = encoding.unmendedLoss(within: bitrate)
            defer { encoding.toldLoss = expected }
            return encoding.toldLoss == expected ? nil : expected
        }
        if let percent = change ?? nil { outputs.append(.event(.lossExpected(mid, percent: percent))) }
    }

    /// RFC 3611 §4.4 and §4.5: a receiver that sends nothing learns the round-trip time this way.
    private mutating func receive(_ report: ExtendedReport, at now: MonotonicTime) {
        if let time = report.referenceTime {
            referenceTimes.removeAll { $0.ssrc == report.ssrc }
            if referenceTimes.count < 16 { referenceTimes.append((report.ssrc, time.middle, now)) }
        }
        let own = feedbackSource
        let middle = NTPTime(unixNanoseconds: unixNanoseconds(at: now)).middle
        for delay in report.delays where delay.ssrc == own {
            let isNew = roundTrip.receive(
                lastReport: delay.lastReceiverReport, delay: delay.delay, now: middle)
            if isNew { spreadRoundTrip() }
        }
    }

    private mutating func spreadRoundTrip() {
        guard let time = roundTrip.roundTrip else { return }
        downlink?.update(roundTrip: time)
        for section in receivers.indices {
            for track in receivers[section].tracks.indices {
                receivers[section].tracks[track].update(roundTrip: time)
            }
        }
    }

    /// Asks for key frames of all pictures: what was sent until now was lost.
    mutating func requestKeyframes() {
        for section in senders where section.description?.kind == .video {
            for encoding in section.encodings {
                outputs.append(.event(.keyframeRequested(section.mid, encoding.stream.configuration.ssrc)))
            }
        }
    }

    private mutating func noteKeyframeRequest(of source: SSRC) {
        for section in senders.indices {
            guard let encoding = senders[section].encoding(source) else { continue }
            _ = senders[section].withEncoding(encoding) { $0.stream.noteKeyframeRequest() }
            outputs.append(.event(.keyframeRequested(senders[section].mid, source)))
        }
    }

    /// Asks the sender of a section for a key frame: of one stream, or of all. In frame mode the
    /// jitter buffer repeats the request until a key frame comes and holds other pictures back.
    package mutating func requestKeyframe(on mid: MediaID, ssrc: SSRC? = nil, at now: MonotonicTime) {
        let now = clamp(now)
        guard let section = receivers.firstIndex(where: { $0.mid == mid }) else { return }
        for track in receivers[section].tracks.indices {
            let source = receivers[section].tracks[track].ssrc
            guard ssrc == nil || ssrc == source else { continue }
            if receivers[section].tracks[track].video != nil {
                receivers[section].tracks[track].video?.requestKeyframe(at: now)
                receivers[section].tracks[track].video?.advance(to: now)
                drainVideo(section: section, track: track)
            } else {
                receivers[section].tracks[track].keyframeRequestCount += 1
                sendKeyframeRequest(to: source)
            }
        }
    }

    /// RFC 4585 §6.3.1.
    mutating func sendKeyframeRequest(to source: SSRC) {
        sendControl([.pli(PictureLossIndication(sender: feedbackSource, media: source))])
    }
}
