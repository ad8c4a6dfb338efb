import ArgumentParser
import Glibc
import Logging

/// `roomclient join`: the call itself.
struct JoinCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "join", abstract: "Joins a room and holds the call (the default).",
        discussion: "Keys in the window: " + KeyBindings.summary + ". Ctrl+C leaves, twice at once.")

    @OptionGroup(title: "Room") var connection: ConnectionOptions
    @OptionGroup(title: "Devices") var media: MediaOptions
    @OptionGroup(title: "Session") var session: SessionOptions

    func perform(_ signals: SignalWatch) async throws -> ExitStatus {
        let sources = SettingSources.current()
        StandardErrorLog.install(level: try LogLevel.choose(flag: session.logLevel, sources: sources).level)
        let settings = try JoinSettings(
            connection: connection, media: media, session: session, sources: sources,
            isInteractive: isatty(STDIN_FILENO) == 1)
        return try await RoomClientApp(settings, signals: signals, logger: Logger(label: "roomclient")).run()
    }
}
