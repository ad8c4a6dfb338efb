import ArgumentParser

/// Which room on which server, and as whom.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help:
            "Server, for example wss://example.livekit.cloud (LIVEKIT_URL). Without: a room on this machine.")
    var url: String?
    @Option(help: "Finished access token (LIVEKIT_TOKEN); production tokens come from a back end of yours.")
    var token: String?
    @Option(help: "API key from which a token is made here (LIVEKIT_API_KEY).")
    var apiKey: String?
    @Option(help: "Secret of the API key (LIVEKIT_API_SECRET).")
    var apiSecret: String?
    @Option(name: [.customShort("r"), .long], help: "Room (LIVEKIT_ROOM; default: roomclient).")
    var room: String?
    @Option(
        name: [.customShort("i"), .long], help: "Identity, unique in the room (default: a new one each time)."
    )
    var identity: String?
    @Option(help: "Name for people.")
    var name: String?
    @Option(help: "Metadata of the participant.")
    var metadata: String?
    @Option(help: ArgumentHelp("Attribute of the participant; may be repeated.", valueName: "key=value"))
    var attribute: [KeyValue] = []
    @Option(help: "Ways to the server's media: all, or relay for relays only.")
    var ice = IceChoice.all
    @Flag(help: "Receive nothing of the others.")
    var noAutoSubscribe = false
}

/// Which ICE candidates are used.
enum IceChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
    case all, relay
}
