import MediaCore
import RoomKit

/// Measures the call: rates from the room's totals, latency from the pictures themselves, and what the
/// process uses.
actor CallStatistics {
    private var meter: RateMeter
    private var latencies: [String: (interval: LatencySamples, whole: LatencySamples)] = [:]
    private var lastShown = 0
    private var peak = ProcessUsage()
    private let began: MonotonicTime
    private let view: ViewCounters
    /// The newest report of every track there ever was, in order of appearance.
    private var sent: [SendReport] = []
    private var received: [ReceiveReport] = []
    private var last: MonotonicTime

    init(view: ViewCounters, at now: MonotonicTime) {
        meter = RateMeter(at: now)
        began = now
        last = now
        self.view = view
    }

    /// Takes the latency of a picture.
    func add(latency: Duration, of sid: String) {
        latencies[sid, default: (LatencySamples(), LatencySamples())].interval.add(latency)
        latencies[sid]?.whole.add(latency)
    }

    /// Measures the time since the last report.
    func report(_ statistics: RoomStatistics, usage: ProcessUsage, at now: MonotonicTime) -> CallReport {
        let send = statistics.sending.map { measure($0, at: now) }
        let receive = statistics.receiving.map { measure($0, at: now) }
        let seconds = max((now - last).inSeconds, 0.001)
        let shown = view.shown.value
        defer {
            meter.advance(to: now)
            last = now
            lastShown = shown
        }
        note(usage)
        for report in send { Self.replace(report, in: &sent) { $0.name == report.name } }
        for report in receive { Self.replace(report, in: &received) { $0.totals.sid == report.totals.sid } }
        return CallReport(
            state: statistics.state.rawValue, roundTrip: statistics.roundTripTime?.inMilliseconds,
            usage: usage,
            send: send, receive: receive, viewFramesPerSecond: Double(shown - lastShown) / seconds,
            viewWidth: view.width.value, viewHeight: view.height.value)
    }

    /// The fields of the last line: everything over the whole call.
    func summary(usage: ProcessUsage, at now: MonotonicTime) -> [JSONText.Field] {
        note(usage)
        let receive = received.map { report in
            var report = report
            let sid = report.totals.sid.stringValue
            let rates = meter.average(sid, at: now)
            (report.rate, report.framesPerSecond) = (rates.kilobitsPerSecond, rates.framesPerSecond)
            report.decodeTime = rates.millisecondsPerFrame
            report.latency = latencies[sid]?.whole ?? LatencySamples()
            return report.json
        }
        let send = sent.map { report in
            var report = report
            let rates = meter.average(report.name, at: now)
            (report.rate, report.framesPerSecond) = (rates.kilobitsPerSecond, rates.framesPerSecond)
            report.encodeTime = rates.millisecondsPerFrame
            for index in report.layers.indices {
                let name = Self.name(ofLayer: report.layers[index].rid, of: report.name)
                let rates = meter.average(name, at: now)
                report.layers[index].rate = rates.kilobitsPerSecond
                report.layers[index].framesPerSecond = rates.framesPerSecond
            }
            return report.json
        }
        return [
            .init(name: "seconds", value: .fraction((now - began).inSeconds)),
            .init(name: "cpu_s", value: .fraction(usage.cpuSeconds)),
            .init(name: "rss_mib_peak", value: .fraction(peak.residentMiB)),
            .init(name: "rss_anon_mib_peak", value: .fraction(peak.anonymousMiB)),
            .init(name: "receive", value: .list(receive)), .init(name: "send", value: .list(send)),
        ]
    }

    private func note(_ usage: ProcessUsage) {
        peak.residentMiB = max(peak.residentMiB, usage.residentMiB)
        peak.anonymousMiB = max(peak.anonymousMiB, usage.anonymousMiB)
    }

    private func measure(_ track: TrackSendStatistics, at now: MonotonicTime) -> SendReport {
        let totals = TrackTotals(
            bytes: track.bytes, frames: track.frames, microseconds: track.encodeMicroseconds)
        let rates = meter.measure(track.name, totals, at: now)
        return SendReport(
            source: track.source.rawValue, sid: track.sid.stringValue, kind: track.kind.rawValue,
            codec: track.codec,
            rate: rates.kilobitsPerSecond, targetRate: Double(track.targetBitrate) / 1_000,
            width: track.width, height: track.height, framesPerSecond: rates.framesPerSecond,
            layers: track.layers.map { measure($0, of: track, at: now) },
            encodeTime: rates.millisecondsPerFrame, retransmissions: track.retransmissions,
            nacks: track.nacks, plis: track.plis, limitedBy: track.limitation.rawValue)
    }

    private func measure(
        _ layer: LayerSendStatistics, of track: TrackSendStatistics, at now: MonotonicTime
    ) -> LayerReport {
        let totals = TrackTotals(bytes: layer.bytes, frames: layer.frames)
        let name = Self.name(ofLayer: layer.rid, of: track.name)
        let rates = meter.measure(name, totals, at: now)
        return LayerReport(
            rid: layer.rid, width: layer.width, height: layer.height,
            framesPerSecond: rates.framesPerSecond, rate: rates.kilobitsPerSecond,
            isActive: layer.isActive && !track.isMuted)
    }

    /// What the meter knows a layer by.
    private static func name(ofLayer rid: String, of track: String) -> String { "\(track)/\(rid)" }

    private func measure(_ track: TrackReceiveStatistics, at now: MonotonicTime) -> ReceiveReport {
        let sid = track.sid.stringValue
        let totals = TrackTotals(
            bytes: track.bytes, frames: track.frames, microseconds: track.decodeMicroseconds)
        let rates = meter.measure(sid, totals, at: now)
        defer { latencies[sid]?.interval.removeAll() }
        return ReceiveReport(
            totals: track, rate: rates.kilobitsPerSecond, framesPerSecond: rates.framesPerSecond,
            decodeTime: rates.millisecondsPerFrame, latency: latencies[sid]?.interval ?? LatencySamples())
    }

    private static func replace<Report>(
        _ report: Report, in reports: inout [Report], where isSame: (Report) -> Bool
    ) {
        if let index = reports.firstIndex(where: isSame) {
            reports[index] = report
        } else {
            reports.append(report)
        }
    }
}

extension TrackSendStatistics {
    /// What the meter knows a track by: it may be sent in two codecs.
    fileprivate var name: String { "\(sid.stringValue)/\(codec)" }
}

extension SendReport {
    fileprivate var name: String { "\(sid)/\(codec)" }
}
