import MediaCore
import RTP

/// Commands about media from other threads, on their way to the network loop.
///
/// One bell per batch; the order of each thread's commands is kept. Not bounded itself: encoders make a
/// few hundred
/// commands per second, and the loop that takes them never blocks.
final class MediaInbox: Sendable {
    /// What another thread wants done.
    enum Command: Sendable {
        case send(EncodedFrame, on: MediaID, rid: String?, AudioLevel?)
        case requestKeyframe(on: MediaID)
        case setVideoBitrate(Bitrate)
        case setMaximumBitrate(Bitrate)
    }

    private let commands = JobQueue<Command>()
    // SAFETY: written once by `attach` before the inbox is shared; setting its time is thread-safe.
    private nonisolated(unsafe) var bell: LoopTimer?

    /// Says what to do on the loop when commands wait. Once, before the first `append`.
    func attach(_ take: @escaping () -> Void) {
        bell = LoopTimer(on: .shared, fire: take)
    }

    /// Adds a command. Any thread.
    func append(_ command: Command) {
        if commands.append(command) { bell?.set(.zero) }
    }

    /// Takes all commands that wait. The loop's thread only.
    func take() -> [Command] {
        var batch: [Command] = []
        commands.swap(into: &batch)
        return batch
    }
}
