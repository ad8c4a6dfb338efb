import Devices
import Logging
import MediaCore
import RoomKit

/// Publishes microphone and camera; what does not work is one warning, and the call goes on without it.
struct OwnMedia: Sendable {
    let room: Room
    let plan: DevicePlan
    let settings: JoinSettings
    let logger: Logger
    /// Gets our own pictures.
    let selfView: FrameFeed

    /// Publishes what the plan names, the microphone first.
    func publish() async {
        await publishMicrophone()
        await publishCamera()
    }

    private func publishMicrophone() async {
        do {
            guard let source = try plan.microphone.makeSource(warn: warn) else { return }
            let participant = await room.localParticipant
            var options = AudioPublishOptions()
            options.isProcessed = plan.microphone.isReal
            options.dtx = plan.microphone.isReal
            try await participant.publish(audioTrack: LocalAudioTrack(source: source), options: options)
            logger.info("Published the microphone (\(plan.microphone.name))")
        } catch {
            logger.warning("Without a microphone: \(error)")
        }
    }

    /// Takes the first camera that delivers pictures.
    private func publishCamera() async {
        var reasons: [String] = []
        for camera in plan.cameras {
            do {
                guard let source = try camera.makeSource(format: settings.format, warn: warn) else {
                    continue
                }
                let track = LocalVideoTrack(source: source)
                track.add(videoRenderer: selfView)
                let publication = try await room.localParticipant.publish(videoTrack: track)
                let size = publication.dimensions.map { " \($0.width)x\($0.height)" } ?? ""
                logger.info("Published the camera\(size) (\(camera.name))")
                return
            } catch {
                reasons.append("\(error)")
            }
        }
        if !reasons.isEmpty { logger.warning("Without a camera: \(reasons.joined(separator: " "))") }
    }

    private func warn(_ warning: DeviceWarning) { logger.warning("\(warning)") }
}

extension MicrophoneChoice {
    /// Whether it hears a room: sound from a file or a generator is sent as it is.
    var isReal: Bool {
        switch self {
        case .device, .alsa: true
        case .none, .tone, .silence, .file: false
        }
    }
}
