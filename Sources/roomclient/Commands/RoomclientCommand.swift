import ArgumentParser

/// The program: `roomclient` alone joins a room.
struct RoomclientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roomclient",
        abstract: "Video calls in LiveKit rooms, from the terminal.",
        discussion: """
            Without a command it joins a room; without a server it starts one on this machine, with a \
            participant `demo` to look at. Settings come from flags, then the environment, then .env in the \
            working directory.
            """,
        subcommands: [JoinCommand.self, ServeCommand.self, DevicesCommand.self, TokenCommand.self],
        defaultSubcommand: JoinCommand.self)
}
