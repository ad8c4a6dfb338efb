import Logging
import RoomKit

/// Where the call takes place: somebody's server, or a room in this process with a participant to look at.
struct CallHost: Sendable {
    let url: String
    let token: Redacted<String>
    /// Whether the token was made here, so that it carries the profile.
    let isTokenOurs: Bool
    private let embedded: EmbeddedRoom?
    private let demo: DemoParticipant?

    /// Makes the token; starts the room if nobody named a server, and says how to use one.
    static func open(_ settings: JoinSettings, logger: Logger) async throws(ProgramError) -> CallHost {
        switch settings.server {
        case .remote(let url, .token(let token)):
            warn(about: token, settings, logger)
            return CallHost(url: url.text, token: token, isTokenOurs: false, embedded: nil, demo: nil)
        case .remote(let url, .keyPair(let key, let secret)):
            return CallHost(
                url: url.text, token: mint(key, secret, settings), isTokenOurs: true, embedded: nil, demo: nil
            )
        case .embedded:
            return try await openEmbedded(settings, logger: logger)
        }
    }

    /// A finished token decides about room and identity, whatever else is set.
    private static func warn(about token: Redacted<String>, _ settings: JoinSettings, _ logger: Logger) {
        guard let claims = try? AccessToken(inspecting: token.exposed) else { return }
        if settings.isRoomNamed, let room = claims.video?.room, room != settings.room {
            logger.warning("The token is for the room \(room), so \(settings.room) has no effect.")
        }
        if let identity = settings.profile.identity, identity != claims.identity {
            logger.warning("The token is for the identity \(claims.identity), so \(identity) has no effect.")
        }
    }

    private static func openEmbedded(_ settings: JoinSettings, logger: Logger) async throws(ProgramError)
        -> CallHost
    {
        let embedded = try await EmbeddedRoom.start()
        logger.info(
            """
            No server is set, so this is a room on this machine with a participant "demo"; for a real one \
            set LIVEKIT_URL and LIVEKIT_TOKEN (or LIVEKIT_API_KEY and LIVEKIT_API_SECRET) in .env, or use \
            --url and --token.
            """)
        var demo: DemoParticipant?
        do {
            demo = try await DemoParticipant.join(
                embedded, room: settings.room, logger: EmbeddedRoom.logger())
        } catch {
            logger.warning("The participant demo could not join: \(error)")
        }
        guard case .keyPair(let key, let secret) = embedded.credentials else {
            throw ProgramError(.internalError, "The embedded room has no key.")
        }
        return CallHost(
            url: embedded.url, token: mint(key, secret, settings), isTokenOurs: true, embedded: embedded,
            demo: demo)
    }

    private static func mint(_ key: String, _ secret: Redacted<String>, _ settings: JoinSettings) -> Redacted<
        String
    > {
        TokenMint.token(key: key, secret: secret, room: settings.room, profile: settings.profile)
    }

    /// Ends what was started.
    func close() async {
        await demo?.leave()
        await embedded?.stop()
    }
}
