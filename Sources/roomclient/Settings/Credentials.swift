/// What opens the door of a server.
enum Credentials: Equatable, Sendable {
    /// A finished token.
    case token(Redacted<String>)
    /// A key and its secret, from which tokens are made here.
    case keyPair(key: String, secret: Redacted<String>)

    /// What one place says: flags, the environment, or `.env`.
    struct Place: Sendable {
        /// How a person calls the three.
        let names: (token: String, key: String, secret: String)
        let token: String?
        let key: String?
        let secret: String?
    }

    /// Chooses from places in order of rank: the first that has anything decides, and in one place a
    /// token beats a key pair. A missing half of a pair is taken from a place below, so that a secret
    /// need not stand on the command line.
    static func choose(from places: [Place]) throws(ProgramError) -> Credentials? {
        for (rank, place) in places.enumerated() {
            if let token = place.token { return .token(Redacted(token)) }
            guard place.key != nil || place.secret != nil else { continue }
            let rest = places[rank...]
            guard let key = rest.lazy.compactMap(\.key).first else {
                throw .usage("\(place.names.secret) is set but no API key; set \(place.names.key) too.")
            }
            guard let secret = rest.lazy.compactMap(\.secret).first else {
                throw .usage("\(place.names.key) is set but no API secret; set \(place.names.secret) too.")
            }
            return .keyPair(key: key, secret: Redacted(secret))
        }
        return nil
    }

    /// The three places, flags first.
    static func places(token: String?, key: String?, secret: String?, sources: SettingSources) -> [Place] {
        let names = ("LIVEKIT_TOKEN", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
        func place(_ variables: [String: String]) -> Place {
            Place(
                names: names, token: variables[names.0], key: variables[names.1], secret: variables[names.2])
        }
        let flags = Place(
            names: ("--token", "--api-key", "--api-secret"), token: token, key: key, secret: secret)
        return [flags, place(sources.environment), place(sources.file)]
    }
}
