import Devices
import Logging
import RoomKit

/// Somebody to look at in the embedded room: shows the test picture, plays a soft tone, listens to nobody.
struct DemoParticipant: Sendable {
    private let room: Room

    /// Joins and publishes.
    static func join(_ embedded: EmbeddedRoom, room name: String, logger: Logger) async throws
        -> DemoParticipant
    {
        guard case .keyPair(let key, let secret) = embedded.credentials else {
            throw ProgramError(.internalError, "The embedded room has no key.")
        }
        let token = TokenMint.token(
            key: key, secret: secret, room: name,
            profile: JoinSettings.Profile(identity: "demo", name: "demo"))
        let room = Room(logger: logger)
        var options = ConnectOptions()
        options.autoSubscribe = false
        try await room.connect(url: embedded.url, token: token.exposed, connectOptions: options)
        var audio = AudioPublishOptions()
        audio.isProcessed = false
        audio.dtx = false
        let participant = await room.localParticipant
        try await participant.publish(
            audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440, amplitude: 0.1)), options: audio)
        try await participant.publish(videoTrack: LocalVideoTrack(source: TestPatternSource()))
        return DemoParticipant(room: room)
    }

    /// Leaves.
    func leave() async { await room.disconnect() }
}
