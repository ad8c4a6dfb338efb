import ArgumentParser
import MediaCore
import Testing

@testable import roomclient

/// In which order settings count, and what is refused.
struct SettingsTests {
    private func settings(
        _ arguments: [String] = [], environment: [String: String] = [:], file: [String: String] = [:],
        isInteractive: Bool = false
    ) throws -> JoinSettings {
        let command = try #require(try RoomclientCommand.parseAsRoot(arguments) as? JoinCommand)
        return try JoinSettings(
            connection: command.connection, media: command.media, session: command.session,
            sources: SettingSources(environment: environment, file: file), isInteractive: isInteractive)
    }

    private func message(_ arguments: [String] = [], environment: [String: String] = [:]) -> String? {
        do {
            _ = try settings(arguments, environment: environment)
            return nil
        } catch let error as ProgramError {
            return error.status == .usage ? error.message : nil
        } catch {
            return nil
        }
    }

    @Test("without a server the room is on this machine")
    func embedded() throws {
        let settings = try settings()
        #expect(settings.server == .embedded)
        #expect(settings.room == "roomclient")
        #expect(!settings.isRoomNamed)
        #expect(settings.format == VideoFormat(width: 1_280, height: 720, framesPerSecond: 30))
        #expect(settings.view == nil)
    }

    @Test("the camera is sent in VP8 unless another codec is named")
    func codec() throws {
        #expect(try settings().codec == .vp8)
        #expect(try settings(["--codec", "av1"]).codec == .av1)
        #expect(try settings(["--codec", "vp9"]).codec == .vp9)
    }

    @Test("a flag beats the environment, and the environment beats .env")
    func order() throws {
        let environment = ["LIVEKIT_ROOM": "environment"]
        let file = ["LIVEKIT_ROOM": "file"]
        #expect(try settings(["--room", "flag"], environment: environment, file: file).room == "flag")
        #expect(try settings(environment: environment, file: file).room == "environment")
        #expect(try settings(file: file).room == "file")
        #expect(try settings(environment: ["LIVEKIT_ROOM": ""], file: file).room == "file")
    }

    @Test("the room has a short flag, and so has the identity")
    func shortFlags() throws {
        let settings = try settings(["-r", "a", "-i", "b"])
        #expect(settings.room == "a")
        #expect(settings.profile.identity == "b")
    }

    /// Flags, environment, file, and what is chosen: `t:TOKEN` or `k:KEY/SECRET`.
    static let credentialCases: [([String], [String: String], [String: String], String)] = [
        ([], ["LIVEKIT_TOKEN": "E", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s"], [:], "t:E"),
        ([], ["LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s"], ["LIVEKIT_TOKEN": "F"], "k:k/s"),
        ([], [:], ["LIVEKIT_TOKEN": "F"], "t:F"),
        (["--token", "A"], ["LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s"], [:], "t:A"),
        (["--api-key", "a", "--api-secret", "b"], ["LIVEKIT_TOKEN": "E"], [:], "k:a/b"),
        (["--api-key", "a"], ["LIVEKIT_API_SECRET": "s"], [:], "k:a/s"),
        (["--api-key", "a"], ["LIVEKIT_TOKEN": "E"], ["LIVEKIT_API_SECRET": "f"], "k:a/f"),
        (["--token", "A", "--api-key", "a", "--api-secret", "b"], [:], [:], "t:A"),
    ]

    @Test("credentials are chosen by place, then token before key", arguments: credentialCases)
    func credentials(flags: [String], environment: [String: String], file: [String: String], chosen: String)
        throws
    {
        let settings = try settings(
            ["--url", "ws://host"] + flags, environment: environment, file: file)
        guard case .remote(_, let credentials) = settings.server else {
            Issue.record("no server")
            return
        }
        let text =
            switch credentials {
            case .token(let token): "t:" + token.exposed
            case .keyPair(let key, let secret): "k:\(key)/\(secret.exposed)"
            }
        #expect(text == chosen)
    }

    @Test("half a pair, no credentials and credentials without a server are said in one sentence")
    func missingCredentials() {
        #expect(message(["--url", "ws://h"])?.contains("LIVEKIT_TOKEN") == true)
        #expect(message(["--url", "ws://h", "--api-key", "k"])?.contains("--api-secret") == true)
        #expect(
            message(["--url", "ws://h"], environment: ["LIVEKIT_API_SECRET": "s"])?.contains(
                "LIVEKIT_API_KEY") == true)
        #expect(message(["--token", "t"])?.contains("--url") == true)
    }

    @Test(
        "only URLs of servers are taken",
        arguments: [
            ("ws://127.0.0.1:7880", true), ("wss://example.livekit.cloud", true), ("http://h/path", true),
            ("HTTPS://h", true), ("ftp://h", false), ("example.com", false), ("ws://", false), ("", false),
            ("wss:/h", false), ("ws://bad host", false),
        ])
    func urls(text: String, isGood: Bool) {
        #expect(((try? ServerURL(text)) != nil) == isGood)
    }

    @Test(
        "sizes are two even sides",
        arguments: [
            ("1280x720", true), ("640X480", true), ("1280", false), ("1280x", false), ("15x16", false),
            ("99999x2", false), ("641x480", false), ("axb", false), ("1x2x3", false),
        ])
    func sizes(text: String, isGood: Bool) {
        #expect((PictureSize(argument: text) != nil) == isGood)
    }

    @Test(
        "spans of time",
        arguments: [
            ("90", 90), ("90s", 90), ("30m", 1_800), ("6h", 21_600), ("2d", 172_800), ("1h30m", 5_400),
            ("0", nil),
            ("", nil), ("h", nil), ("1h30", nil), ("-5", nil), ("99999999999999999999d", nil), ("5y", nil),
            ("1.5h", nil),
        ] as [(String, Int?)])
    func spans(text: String, seconds: Int?) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test("attributes are key=value, the last of a key wins")
    func attributes() throws {
        let settings = try settings(["--attribute", "a=1", "--attribute", "b=x=y", "--attribute", "a=2"])
        #expect(settings.profile.attributes == ["a": "2", "b": "x=y"])
        #expect(KeyValue(argument: "novalue") == nil)
        #expect(KeyValue(argument: "=v") == nil)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ["--fps", "0"], ["--fps", "121"], ["--max-bitrate", "1"], ["--codec", "opus"],
            ["--duration", "0"],
            ["--duration", "-1"],
            ["--view", "terminal"], ["--ice", "some"], ["--log-level", "loud"], ["--camera-size", "big"],
            ["--unknown"], ["serve", "--port", "70000"], ["serve", "--rtc-ports", "9-1"],
            ["serve", "--keys", "onlykey"],
            ["token", "create"], ["token", "inspect"], ["nonsense"],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try RoomclientCommand.parseAsRoot(arguments) }
    }

    @Test("nobody is asked without a terminal or with --no-prompt")
    func asking() throws {
        #expect(try settings(isInteractive: true).devices.mayAsk)
        #expect(try !settings(isInteractive: false).devices.mayAsk)
        #expect(try !settings(["--no-prompt"], isInteractive: true).devices.mayAsk)
    }

    @Test("the log level comes from the flag, then LIVEKIT_LOG_LEVEL")
    func logLevel() throws {
        let sources = SettingSources(environment: ["LIVEKIT_LOG_LEVEL": "DEBUG"])
        #expect(try LogLevel.choose(flag: .error, sources: sources) == .error)
        #expect(try LogLevel.choose(flag: nil, sources: sources) == .debug)
        #expect(try LogLevel.choose(flag: nil, sources: SettingSources(environment: [:])) == .info)
        let bad = SettingSources(environment: ["LIVEKIT_LOG_LEVEL": "loud"])
        #expect(throws: ProgramError.self) { try LogLevel.choose(flag: nil, sources: bad) }
    }

    @Test("proxies come from the environment, in upper or lower case")
    func proxies() {
        #expect(ProxySettings(SettingSources(environment: [:])) == nil)
        let proxy = ProxySettings(
            SettingSources(environment: ["https_proxy": "http://p:1", "NO_PROXY": "a,b"]))
        #expect(proxy?.https == "http://p:1")
        #expect(proxy?.exceptions == "a,b")
    }

    @Test("a secret shows nowhere")
    func redaction() {
        let credentials = Credentials.keyPair(key: "key", secret: Redacted("hush"))
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!"\(credentials)".contains("hush"))
        #expect(!String(reflecting: credentials).contains("hush"))
        #expect(!dumped.contains("hush"))
    }
}
