import MediaCore
import RTP
import Testing

@Suite("RemoteBitrateReporter")
struct RemoteBitrateReporterTests {
    /// Feeds 1 Mbit/s in packets of 1,250 bytes, which arrive `stretch` times as slowly as they left,
    /// and collects what the sender is told, by millisecond.
    private struct Feed {
        var reporter = RemoteBitrateReporter()
        var sent = 0.0
        var now = 0.0
        var reports: [(time: Double, rate: Bitrate)] = []

        mutating func run(seconds: Double, stretch: Double = 1) {
            let end = now + seconds * 1_000
            while now < end {
                sent += 10
                now += 10 * stretch
                reporter.receive(
                    absoluteSendTime: UInt32(sent * 262.144) & 0xFF_FFFF, bytes: 1_250, at: time)
                if let rate = reporter.nextReport(at: time) { reports.append((now, rate)) }
            }
        }

        var time: MonotonicTime { MonotonicTime(nanoseconds: Int64(now * 1_000_000)) }
    }

    @Test("the sender is told once there is an estimate, then every second")
    func regular() throws {
        var feed = Feed()
        #expect(feed.reporter.nextDeadline == nil)
        feed.run(seconds: 10)
        let times = feed.reports.map(\.time)
        #expect(times.count == 10)
        #expect(try #require(times.first) >= 500)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 1_000 })
        #expect(feed.reports.allSatisfy { $0.rate > .kilobits(1_300) })
    }

    @Test("the sender is told at once when the estimate falls")
    func urgent() throws {
        var feed = Feed()
        feed.run(seconds: 5.2)
        let before = feed.reports
        feed.run(seconds: 0.9, stretch: 2)
        let news = Array(feed.reports.dropFirst(before.count))
        let first = try #require(news.first)
        #expect(first.time < 6_000)
        #expect(first.rate < .kilobits(1_000))
        let times = news.map(\.time)
        #expect(zip(times, times.dropFirst()).contains { $1 - $0 < 500 })
    }

    @Test("the sender is told nothing while nothing arrives")
    func idle() throws {
        var feed = Feed()
        feed.run(seconds: 3)
        feed.now += 1_500
        #expect(feed.reporter.nextReport(at: feed.time) != nil)
        feed.now += 1_500
        #expect(feed.reporter.nextReport(at: feed.time) == nil)
        #expect(feed.reporter.nextDeadline == nil)
        feed.run(seconds: 1)
        #expect(feed.reporter.nextDeadline != nil)
    }
}
