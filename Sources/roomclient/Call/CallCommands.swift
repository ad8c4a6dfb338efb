import RoomKit

/// Does what keys ask of the room.
@MainActor
struct CallCommands {
    let room: Room
    let model: CallModel
    let events: CallEvents

    /// Answers until cancelled.
    func run() async {
        for await command in model.commands {
            switch command {
            case .toggleMicrophone: await toggle(.microphone, "microphone")
            case .toggleCamera: await toggle(.camera, "camera")
            case .toggleDeafened: await toggleDeafened()
            case .louder: events.changeVolume(by: 1)
            case .quieter: events.changeVolume(by: -1)
            default: break
            }
        }
    }

    private func toggle(_ source: TrackSource, _ name: String) async {
        guard let track = await room.localTrackPublications.first(where: { $0.source == source }) else {
            return model.tell("There is no \(name) to switch")
        }
        do {
            try await track.isMuted ? track.unmute() : track.mute()
            model.tell("The \(name) is \(track.isMuted ? "on" : "off")")
        } catch {
            model.tell(error.message)
        }
    }

    private func toggleDeafened() async {
        model.scene.own.isDeafened.toggle()
        await room.setDeafened(model.scene.own.isDeafened)
    }
}
