import ArgumentParser

/// `roomclient token`: making and reading access tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Makes and reads access tokens.",
        subcommands: [TokenCreateCommand.self, TokenInspectCommand.self])
}
