import ArgumentParser
import Foundation
import RoomKit

/// `roomclient token create`: prints a token.
struct TokenCreateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Prints an access token, made from an API key and its secret.")

    @Option(name: [.customShort("r"), .long], help: "Room that may be joined.")
    var room: String
    @Option(name: [.customShort("i"), .long], help: "Identity, unique in the room.")
    var identity: String
    @Option(help: "How long it is valid: 90s, 30m, 6h, 2d.")
    var validFor = TimeSpan.sixHours
    @Option(help: ArgumentHelp("More rights, as JSON: '{\"canPublish\":false}'.", valueName: "json"))
    var grant: String?
    @Option(help: "Name for people.")
    var name: String?
    @Option(help: "Metadata of the participant.")
    var metadata: String?
    @Option(help: ArgumentHelp("Attribute of the participant; may be repeated.", valueName: "key=value"))
    var attribute: [KeyValue] = []
    @Option(help: "API key (LIVEKIT_API_KEY).")
    var apiKey: String?
    @Option(help: "Its secret (LIVEKIT_API_SECRET).")
    var apiSecret: String?

    func perform(_ signals: SignalWatch) async throws -> ExitStatus {
        let sources = SettingSources.current()
        guard let key = apiKey ?? sources["LIVEKIT_API_KEY"],
            let secret = apiSecret ?? sources["LIVEKIT_API_SECRET"]
        else {
            throw ProgramError.usage(
                "A token needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET (or --api-key and --api-secret).")
        }
        if identity.isEmpty { throw ProgramError.usage("--identity needs a name.") }
        var token = AccessToken(
            apiKey: key, identity: identity, video: try grants(), name: name, validFor: validFor.duration)
        token.metadata = metadata
        token.attributes = attribute.isEmpty ? nil : KeyValue.dictionary(attribute)
        StandardStream.output.write(token.signed(with: secret) + "\n")
        return .success
    }

    /// The rights of a plain participant, changed by `--grant`.
    private func grants() throws(ProgramError) -> VideoGrants {
        let plain = VideoGrants(room: room, roomJoin: true)
        guard let grant else { return plain }
        do {
            let encoded = try JSONEncoder().encode(plain)
            var fields = try JSONDecoder().decode([String: JSONValue].self, from: encoded)
            let changes = try JSONDecoder().decode([String: JSONValue].self, from: Data(grant.utf8))
            fields.merge(changes) { $1 }
            return try JSONDecoder().decode(VideoGrants.self, from: JSONEncoder().encode(fields))
        } catch {
            throw .usage("--grant is not a JSON object of rights, for example '{\"canPublish\":false}'.")
        }
    }
}
