import Logging
import MediaCore

/// What the room and the view tell each other; neither ever waits for the other.
///
/// The room's side runs wherever it likes and puts the newest scene, text and message here; the view, on
/// the main thread, takes what is new once a turn, and puts here what keys ask of the room.
final class CallBoard: Sendable {
    /// Who is there and what is on.
    let scene = LatestValue<CallScene>()
    /// The statistics as text.
    let statistics = LatestValue<String>()
    /// Which remote picture is shown large, and at what size.
    let watched = LatestValue<WatchedPicture>()
    /// What is to be said over the picture.
    let message = LatestValue<String>()
    /// What keys ask of the room.
    let commands: AsyncStream<ViewCommand>

    private let queue: AsyncStream<ViewCommand>.Continuation
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
        // Nobody types faster than the room answers; what is beyond is a cat on the keyboard.
        (commands, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(16))
    }

    /// Passes a command on to the room.
    func ask(_ command: ViewCommand) { queue.yield(command) }

    /// Says something to the user, in the log and over the picture.
    func tell(_ text: String) {
        logger.info("\(text)")
        message.store(text)
    }
}
