import Foundation
import MediaCore
import Testing

@testable import RoomKit
@testable import roomclient

/// The numbers and the JSON of `--stats`.
struct StatisticsTests {
    private func at(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private func object(_ json: JSONText) throws -> NSDictionary {
        try #require(try JSONSerialization.jsonObject(with: Data(json.line.utf8)) as? NSDictionary)
    }

    @Test("JSON is one line that any reader takes")
    func json() throws {
        let value: JSONText = [
            "text": "a\"b\\c\nd\u{1}等😀", "n": 3, "x": .fraction(1.23456), "whole": .fraction(5),
            "bad": .fraction(.nan),
            "list": [1, .null, .flag(true)], "empty": [:],
        ]
        #expect(!value.line.contains("\n"))
        let read = try object(value)
        #expect(read["text"] as? String == "a\"b\\c\nd\u{1}等😀")
        #expect(read["x"] as? Double == 1.235)
        #expect(read["whole"] as? Int == 5)
        #expect(read["bad"] is NSNull)
        #expect(value.line.contains(#""empty":{}"#))
    }

    @Test("quantiles by nearest rank, the maximum exact")
    func latency() {
        var samples = LatencySamples()
        #expect(samples.json == .null)
        for value in (1...100).reversed() { samples.add(.milliseconds(value)) }
        #expect(samples.quantile(0.5) == 50)
        #expect(samples.quantile(0.95) == 95)
        #expect(samples.maximum == 100)
    }

    @Test("a long call keeps a bounded number of latencies and its quantiles")
    func manyLatencies() {
        var samples = LatencySamples()
        for index in 0..<300_000 { samples.add(.milliseconds(index % 100)) }
        #expect(abs(samples.quantile(0.5) - 50) <= 2)
        #expect(samples.maximum == 99)
    }

    @Test("memory is read from the kernel's text")
    func usage() {
        let usage = ProcessUsage(
            status: "Name:\tx\nVmRSS:\t  204800 kB\nRssAnon:\t   10240 kB\nRssFile:\t 1 kB\n", cpuSeconds: 1)
        #expect(usage.residentMiB == 200)
        #expect(usage.anonymousMiB == 10)
        #expect(ProcessUsage(status: "", cpuSeconds: 0).residentMiB == 0)
        #expect(ProcessUsage.now().residentMiB > 1)
    }

    @Test("rates are those since the last report; a restarted count begins at zero")
    func rates() {
        var meter = RateMeter(at: at(0))
        let first = meter.measure(
            "a", TrackTotals(bytes: 125_000, frames: 30, microseconds: 150_000), at: at(1_000))
        #expect(first.kilobitsPerSecond == 1_000)
        #expect(first.framesPerSecond == 30)
        #expect(first.millisecondsPerFrame == 5)
        meter.advance(to: at(1_000))
        let second = meter.measure(
            "a", TrackTotals(bytes: 250_000, frames: 40, microseconds: 150_000), at: at(3_000))
        #expect(second.kilobitsPerSecond == 500)
        #expect(second.framesPerSecond == 5)
        meter.advance(to: at(3_000))
        let restarted = meter.measure(
            "a", TrackTotals(bytes: 1_250, frames: 1, microseconds: 0), at: at(4_000))
        #expect(restarted.kilobitsPerSecond == 10)
        #expect(meter.average("a", at: at(4_000)).framesPerSecond == 0.25)
        #expect(meter.average("none", at: at(4_000)).kilobitsPerSecond == 0)
    }

    private var received: TrackReceiveStatistics {
        TrackReceiveStatistics(
            participant: "demo", sid: TrackSid("TR_1"), source: .camera, kind: .video, codec: "vp8",
            width: 1_280,
            height: 720, frames: 30, bytes: 125_000, packets: 120, lost: 2, recovered: 1,
            concealedMilliseconds: 0,
            frozenMilliseconds: 0, freezes: 0, jitterMilliseconds: 1.5, delayMilliseconds: 40,
            decodeMicroseconds: 90_000, audioLevel: nil)
    }

    private var sent: TrackSendStatistics {
        TrackSendStatistics(
            sid: TrackSid("TR_2"), source: .camera, kind: .video, codec: "vp8", isMuted: false,
            bytes: 250_000,
            targetBitrate: 2_000_000, width: 1_280, height: 720, frames: 30,
            layers: [
                LayerSendStatistics(
                    rid: "q", width: 320, height: 180, frames: 30, bytes: 20_000, isActive: true),
                LayerSendStatistics(
                    rid: "f", width: 1_280, height: 720, frames: 15, bytes: 230_000, isActive: false),
            ],
            limitation: .bandwidth, encodeMicroseconds: 180_000,
            retransmissions: 3, nacks: 4, plis: 1, audioLevel: nil)
    }

    private var statistics: RoomStatistics {
        RoomStatistics(
            state: .connected, roundTripTime: .microseconds(1_500), sending: [sent], receiving: [received])
    }

    @Test("a track that is sent in two codecs has two entries, each with its own rates")
    func twoCodecs() async throws {
        let measured = CallStatistics(view: ViewCounters(), at: at(0))
        var statistics = statistics
        var backup = sent
        (backup.codec, backup.bytes, backup.frames) = ("vp9", 125_000, 15)
        statistics.sending = [sent, backup]
        let report = await measured.report(statistics, usage: ProcessUsage(), at: at(1_000))
        #expect(report.send.map(\.codec) == ["vp8", "vp9"])
        #expect(report.send.map(\.rate) == [2_000, 1_000])
        #expect(report.send.map(\.framesPerSecond) == [30, 15])
        let summary = await measured.summary(usage: ProcessUsage(), at: at(2_000))
        let line = JSONText.fields(summary).line
        #expect(line.contains(#""codec":"vp8","kbps":1000,"#))
        #expect(line.contains(#""codec":"vp9","kbps":500,"#))
    }

    @Test("the line of every second has every field that scripts rely on")
    func statsLine() async throws {
        let view = ViewCounters()
        let measured = CallStatistics(view: view, at: at(0))
        view.shown.value = 29
        view.width.value = 1_280
        view.height.value = 720
        await measured.add(latency: .milliseconds(60), of: "TR_1")
        var usage = ProcessUsage()
        usage.cpuSeconds = 0.5
        let report = await measured.report(statistics, usage: usage, at: at(1_000))
        let line = try object(.fields(report.fields))
        #expect(line["state"] as? String == "connected")
        #expect(line["rtt_ms"] as? Double == 1.5)
        #expect(line["cpu_s"] as? Double == 0.5)
        #expect(line["rss_mib"] as? Int == 0 && line["rss_anon_mib"] as? Int == 0)
        #expect(line["view"] as? NSDictionary == ["fps": 29, "width": 1_280, "height": 720])
        let receive = try #require((line["receive"] as? [NSDictionary])?.first)
        #expect(receive["participant"] as? String == "demo")
        #expect(receive["kbps"] as? Int == 1_000 && receive["fps"] as? Int == 30)
        #expect(receive["lost"] as? Int == 2 && receive["decode_ms"] as? Int == 3)
        #expect(receive["latency_ms"] as? NSDictionary == ["p50": 60, "p95": 60, "max": 60])
        let names = Set(receive.allKeys.compactMap { $0 as? String })
        #expect(
            names == [
                "participant", "source", "sid", "kind", "codec", "width", "height", "fps", "kbps", "packets",
                "lost",
                "recovered", "concealed_ms", "frozen_ms", "freezes", "jitter_ms", "delay_ms", "decode_ms",
                "latency_ms",
            ])
        let send = try #require((line["send"] as? [NSDictionary])?.first)
        #expect(
            Set(send.allKeys.compactMap { $0 as? String }) == [
                "source", "sid", "kind", "codec", "kbps", "target_kbps", "layers", "encode_ms", "rtx",
                "nacks", "plis",
                "limited_by",
            ])
        let layers = try #require(send["layers"] as? [NSDictionary])
        #expect(
            layers == [
                ["rid": "q", "width": 320, "height": 180, "fps": 30, "kbps": 160, "active": true],
                ["rid": "f", "width": 1_280, "height": 720, "fps": 15, "kbps": 1_840, "active": false],
            ])
        #expect(send["limited_by"] as? String == "bandwidth")
    }

    @Test("latency is that of the last second, in the summary that of the whole call")
    func summary() async throws {
        let measured = CallStatistics(view: ViewCounters(), at: at(0))
        await measured.add(latency: .milliseconds(60), of: "TR_1")
        _ = await measured.report(statistics, usage: ProcessUsage(), at: at(1_000))
        let second = await measured.report(statistics, usage: ProcessUsage(), at: at(2_000))
        #expect(second.receive.first?.latency.isEmpty == true)
        var usage = ProcessUsage()
        usage.residentMiB = 80
        let line = try object(.fields(await measured.summary(usage: usage, at: at(3_000))))
        #expect(line["seconds"] as? Int == 3)
        #expect(line["rss_mib_peak"] as? Int == 80)
        let receive = try #require((line["receive"] as? [NSDictionary])?.first)
        #expect(receive["fps"] as? Int == 10)
        let send = try #require((line["send"] as? [NSDictionary])?.first)
        let layers = try #require(send["layers"] as? [NSDictionary])
        #expect(layers.map { $0["fps"] as? Int } == [10, 5])
        #expect((receive["latency_ms"] as? NSDictionary)?["max"] as? Int == 60)
    }

    @Test("lines go to the file as they happen, with the time since the start")
    func log() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("stats-\(UUID()).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = try StatisticsLog(path: path, start: at(1_000))
        await log.write("joined", [.init(name: "room", value: "r")], at: at(1_250))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == #"{"t":0.25,"event":"joined","room":"r"}"# + "\n")
    }

    @Test("a file that cannot be written is one sentence")
    func unwritable() {
        #expect(throws: ProgramError.self) { try StatisticsLog(path: "/nonexistent/x", start: .zero) }
    }
}
