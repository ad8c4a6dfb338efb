import Foundation

/// Where settings come from below the flags: first the environment, then `.env`. The only reader of both.
struct SettingSources: Sendable {
    /// Variables of the process; empty ones count as not set.
    let environment: [String: String]
    /// Variables of the file.
    let file: [String: String]

    init(environment: [String: String], file: [String: String] = [:]) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.file = file.filter { !$0.value.isEmpty }
    }

    /// The environment of this process and the `.env` of the working directory, if there is one.
    static func current() -> SettingSources {
        let text = (try? String(contentsOfFile: ".env", encoding: .utf8)) ?? ""
        let file = DotEnv(parsing: text)
        if !file.unreadableLines.isEmpty {
            let lines = file.unreadableLines.map(String.init).joined(separator: ", ")
            StandardStream.error.write(
                "roomclient: line \(lines) of .env is not KEY=value and is left out.\n")
        }
        return SettingSources(environment: ProcessInfo.processInfo.environment, file: file.values)
    }

    /// The value of a variable.
    subscript(_ name: String) -> String? { environment[name] ?? file[name] }
}
