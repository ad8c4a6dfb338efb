import Glibc
import MediaCore

/// The file of `--stats`: one JSON object a line, written as it happens.
actor StatisticsLog {
    private let file: Int32
    private let start: MonotonicTime
    /// Whether the file still takes lines: a reader of a pipe may have gone.
    private var isOpen = true
    /// The latest time written: tasks report a moment apart, and `t` never goes back.
    private var latest: MonotonicTime

    /// Creates or empties the file; `-` = standard output. `t` counts from `start`.
    init(path: String, start: MonotonicTime) throws(ProgramError) {
        self.start = start
        latest = start
        if path == "-" {
            file = StandardStream.output.rawValue
            return
        }
        file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw .usage("Cannot write the statistics to \(path): \(String(cString: strerror(errno))).")
        }
    }

    /// Writes one line about something that happened at `time`.
    func write(_ event: String, _ fields: [JSONText.Field] = [], at time: MonotonicTime) {
        guard isOpen else { return }
        latest = max(latest, time)
        let head = [
            JSONText.Field(name: "t", value: .fraction((latest - start).inSeconds)),
            JSONText.Field(name: "event", value: .text(event)),
        ]
        isOpen = writeAll(JSONText.fields(head + fields).line + "\n", to: file)
    }
}
