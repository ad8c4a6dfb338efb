import RoomKit

/// The call over one second.
struct CallReport: Sendable {
    var state: String
    /// Round trip to the server in milliseconds, if known.
    var roundTrip: Double?
    var usage: ProcessUsage
    var send: [SendReport]
    var receive: [ReceiveReport]
    var viewFramesPerSecond: Double
    var viewWidth: Int
    var viewHeight: Int

    /// The fields of the line `stats`.
    var fields: [JSONText.Field] {
        let view: JSONText = [
            "fps": .fraction(viewFramesPerSecond), "width": .number(viewWidth), "height": .number(viewHeight),
        ]
        return [
            .init(name: "state", value: .text(state)),
            .init(name: "rtt_ms", value: roundTrip.map { .fraction($0) } ?? .null),
            .init(name: "cpu_s", value: .fraction(usage.cpuSeconds)),
            .init(name: "rss_mib", value: .fraction(usage.residentMiB)),
            .init(name: "rss_anon_mib", value: .fraction(usage.anonymousMiB)),
            .init(name: "send", value: .list(send.map(\.json))),
            .init(name: "receive", value: .list(receive.map(\.json))),
            .init(name: "view", value: view),
        ]
    }

    /// The same for people, over the picture.
    var text: String {
        var lines = [
            "\(state)  rtt \(roundTripText)  view \(rounded(viewFramesPerSecond)) fps"
        ]
        for track in send {
            let size =
                track.kind == "video"
                ? " \(track.width)x\(track.height)@\(rounded(track.framesPerSecond))" : ""
            lines.append("out \(track.source) \(track.codec)\(size) \(rounded(track.rate)) kbit/s")
        }
        for track in receive {
            let totals = track.totals
            let size =
                totals.kind == .video
                ? " \(totals.width)x\(totals.height)@\(rounded(track.framesPerSecond))" : ""
            lines.append(
                "in \(totals.participant) \(totals.source.rawValue) \(totals.codec)\(size)"
                    + " \(rounded(track.rate)) kbit/s"
                    + "  lost \(totals.lost) of \(totals.packets)  buffer \(totals.delayMilliseconds) ms"
                    + (track.latency.isEmpty ? "" : "  latency \(rounded(track.latency.quantile(0.5))) ms"))
        }
        return lines.joined(separator: "\n")
    }

    private var roundTripText: String { roundTrip.map { JSONText.fraction($0).line + " ms" } ?? "-" }

    private func rounded(_ value: Double) -> Int { value.isFinite ? Int(value.rounded()) : 0 }
}
