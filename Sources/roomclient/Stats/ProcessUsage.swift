import Foundation
import Glibc

/// What this process has used so far.
struct ProcessUsage: Sendable, Hashable {
    /// User and system time in seconds.
    var cpuSeconds = 0.0
    /// Memory in RAM, in MiB.
    var residentMiB = 0.0
    /// The part of it that belongs to no file.
    var anonymousMiB = 0.0

    /// At this moment.
    static func now() -> ProcessUsage {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return ProcessUsage(status: status, cpuSeconds: cpuTime())
    }

    init() {}

    /// From the text of `/proc/PID/status`.
    init(status: String, cpuSeconds: Double) {
        self.cpuSeconds = cpuSeconds
        residentMiB = Self.mebibytes("VmRSS:", in: status)
        anonymousMiB = Self.mebibytes("RssAnon:", in: status)
    }

    private static func mebibytes(_ name: String, in status: String) -> Double {
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count >= 2, let kibibytes = Double(words[1]) { return kibibytes / 1_024 }
        }
        return 0
    }
}

private func cpuTime() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}
