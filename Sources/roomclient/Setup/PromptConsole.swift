/// Somebody who can be asked: a terminal, or the script of a test.
protocol PromptConsole {
    /// Shows text as it is.
    mutating func write(_ text: String)
    /// Waits for a line; `nil` when there will be no more.
    mutating func readLine() -> String?
}

/// The terminal of the process: questions go to standard error, so that standard output carries results
/// only.
struct TerminalConsole: PromptConsole {
    func write(_ text: String) { StandardStream.error.write(text) }
    func readLine() -> String? { Swift.readLine() }
}
