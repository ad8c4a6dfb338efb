package import MediaCore
import RTP

extension PeerEngine {
    /// Reports follow each other at this distance (RFC 3550 §6.2 with the shorter minimum of RFC
    /// 4585 §3.5).
    static let reportInterval: Duration = .seconds(1)
    /// The first reports come early: lips cannot be synchronized before.
    static let firstReportDelay: Duration = .milliseconds(300)
    /// Report blocks in one packet: 31 would fit the format, these fit the datagram.
    private static let blocksPerReport = 15
    /// Sender reports in one datagram.
    private static let reportsPerDatagram = 8

    /// Does what is due.
    package mutating func advance(to now: MonotonicTime) {
        let now = clamp(now)
        guard protection.isReady else { return }
        sendCopies(at: now)
        sendPaced(at: now)
        fillPath(at: now)
        bandwidth.advance(to: now)
        tellBandwidth(at: now)
        for section in receivers.indices {
            for track in receivers[section].tracks.indices { advance(section, track, to: now) }
        }
        let source = feedbackSource
        while let feedback = arrivals?.nextFeedback(from: source, at: now) {
            sendControl([.transportFeedback(feedback)])
        }
        sendDownlinkEstimate(at: now)
        if let due = nextReport, due <= now {
            sendReports(at: now)
            nextReport = now + Self.reportInterval
        }
    }

    /// When `advance(to:)` has something to do, and what.
    package var nextDeadline: Deadline? {
        guard protection.isReady else { return nil }
        var next = nextReport.map { Deadline($0, .report) }
        next = .earliest(next, pacer.nextDeadline.map { Deadline($0, .pacing) })
        next = .earliest(next, copies.nextDeadline.map { Deadline($0, .pacing) })
        next = .earliest(next, bandwidth.nextDeadline.map { Deadline($0, .feedback) })
        next = .earliest(next, filler.nextDeadline.map { Deadline($0, .pacing) })
        next = .earliest(next, arrivals?.nextDeadline.map { Deadline($0, .feedback) })
        next = .earliest(next, downlink?.nextDeadline.map { Deadline($0, .feedback) })
        for section in receivers.indices {
            for track in receivers[section].tracks.indices {
                next = .earliest(next, receivers[section].tracks[track].nextDeadline)
            }
        }
        return next
    }

    private mutating func advance(_ section: Int, _ track: Int, to now: MonotonicTime) {
        if receivers[section].tracks[track].video != nil {
            receivers[section].tracks[track].video?.advance(to: now)
            drainVideo(section: section, track: track)
        }
        requests.removeAll(keepingCapacity: true)
        receivers[section].tracks[track].stream.advance(to: now, requests: &requests)
        guard !requests.isEmpty else { return }
        let media = receivers[section].tracks[track].ssrc
        sendControl([.nack(NackFeedback(sender: feedbackSource, media: media, lost: requests))])
    }

    /// One compound per few streams: sender reports, report blocks, names, round-trip probes.
    private mutating func sendReports(at now: MonotonicTime) {
        var blocks = makeReportBlocks(at: now)
        var reports = makeSenderReports(at: now)
        var probe: RTCPPacket? = makeExtendedReport(at: now).map { .extendedReport($0) }
        repeat {
            var compound: [RTCPPacket] = []
            var names = RTP.SourceDescription(chunks: [])
            for (report, cname) in reports.prefix(Self.reportsPerDatagram) {
                var report = report
                if compound.isEmpty { report.blocks = Array(blocks.prefix(Self.blocksPerReport)) }
                compound.append(.senderReport(report))
                names.chunks.append(.init(ssrc: report.ssrc, cname: cname))
            }
            if compound.isEmpty {
                guard !blocks.isEmpty || probe != nil else { return }
                let first = Array(blocks.prefix(Self.blocksPerReport))
                compound.append(.receiverReport(ReceiverReport(ssrc: feedbackSource, blocks: first)))
            }
            if !names.chunks.isEmpty { compound.append(.sourceDescription(names)) }
            if let part = probe { compound.append(part) }
            probe = nil
            reports = Array(reports.dropFirst(Self.reportsPerDatagram))
            blocks = Array(blocks.dropFirst(Self.blocksPerReport))
            sendControl(compound)
        } while !reports.isEmpty || !blocks.isEmpty
    }

    private func makeSenderReports(at now: MonotonicTime) -> [(report: SenderReport, cname: String)] {
        var reports: [(report: SenderReport, cname: String)] = []
        let unix = unixNanoseconds(at: now)
        for section in senders {
            guard let description = section.description else { continue }
            for encoding in section.encodings {
                guard let report = encoding.stream.reporter.makeReport(at: now, unixNanoseconds: unix) else {
                    continue
                }
                reports.append((report, description.cname))
            }
        }
        return reports
    }

    private mutating func makeReportBlocks(at now: MonotonicTime) -> [ReportBlock] {
        var blocks: [ReportBlock] = []
        for section in receivers.indices where receivers[section].description != nil {
            for track in receivers[section].tracks.indices {
                guard let block = receivers[section].tracks[track].stream.makeReport(at: now) else {
                    continue
                }
                blocks.append(block)
            }
        }
        return blocks
    }

    /// Our time for the other side to answer, and answers to theirs (RFC 3611 §4.4, §4.5).
    private mutating func makeExtendedReport(at now: MonotonicTime) -> ExtendedReport? {
        let isReceiving = receivers.contains { section in
            section.tracks.contains { $0.stream.lastArrival != nil }
        }
        guard isReceiving || !referenceTimes.isEmpty else { return nil }
        let time = isReceiving ? NTPTime(unixNanoseconds: unixNanoseconds(at: now)) : nil
        let delays = referenceTimes.map { entry in
            ExtendedReport.Delay(
                ssrc: entry.ssrc, lastReceiverReport: entry.middle,
                delay: UInt32(
                    truncatingIfNeeded: (now - entry.arrival).inNanoseconds / 1_000 &* 65_536 / 1_000_000))
        }
        referenceTimes.removeAll(keepingCapacity: true)
        return ExtendedReport(ssrc: feedbackSource, referenceTime: time, delays: delays)
    }
}
