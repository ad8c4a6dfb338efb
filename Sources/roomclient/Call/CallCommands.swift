import RoomKit

/// Does what keys ask of the room.
struct CallCommands: Sendable {
    let room: Room
    let board: CallBoard
    let events: CallEvents

    /// Answers until cancelled.
    func run() async {
        for await command in board.commands {
            switch command {
            case .toggleMicrophone: await toggle(.microphone, "microphone")
            case .toggleCamera: await toggle(.camera, "camera")
            case .toggleDeafened: await events.toggleDeafened()
            case .louder: await events.changeVolume(by: 1)
            case .quieter: await events.changeVolume(by: -1)
            default: break
            }
        }
    }

    private func toggle(_ source: TrackSource, _ name: String) async {
        guard let track = await room.localTrackPublications.first(where: { $0.source == source }) else {
            return board.tell("There is no \(name) to switch")
        }
        do {
            try await track.isMuted ? track.unmute() : track.mute()
            board.tell("The \(name) is \(track.isMuted ? "on" : "off")")
        } catch {
            board.tell(error.message)
        }
    }
}
