import Logging
import MediaCore

/// What the parts of a call that live on the main thread share: the scene, what is to be told, what keys ask for.
@MainActor
final class CallModel {
    /// Who is there and what is on.
    var scene = CallScene()
    /// The statistics as text.
    var statisticsText = "statistics come every second"
    /// What keys ask of the room.
    nonisolated let commands: AsyncStream<ViewCommand>

    private let queue: AsyncStream<ViewCommand>.Continuation
    private let logger: Logger
    private var message: String?

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
        message = text
    }

    /// What is to be said over the picture, once.
    func takeMessage() -> String? { message.take() }
}
