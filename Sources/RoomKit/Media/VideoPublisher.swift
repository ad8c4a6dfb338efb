internal import MediaCore

/// The way of a local video track: a thread that captures, and for each codec in which it is sent one that encodes.
///
/// The capture runs before the track is announced, so that its real size is known and a camera that does not open is
/// an error of `publish` and not a black picture. Encoding starts when the track is negotiated.
final class VideoPublisher: Sendable {
    /// More layers than this are never sent.
    static let layerLimit = 3

    /// Whether pictures are sent; capturing goes on, so that the picture is there at once after unmuting.
    let isMuted = AtomicFlag()
    /// Ends capture and encoding.
    let stop = StopSignal()
    /// Encodes in the codec of the options.
    let primary: VideoSender

    private let track: LocalVideoTrack
    private let senders = SinkList<VideoSender>()
    private let opening = LatestValue<Result<VideoFormat, RoomError>>()

    init(track: LocalVideoTrack) {
        self.track = track
        primary = VideoSender(framesPerSecond: track.source.format.framesPerSecond)
        add(primary)
    }

    /// A sender for another codec, which gets no pictures before it is added; nobody watches it yet.
    func makeSender() -> VideoSender {
        VideoSender(framesPerSecond: track.source.format.framesPerSecond, isWatched: false)
    }

    /// The sender gets captured pictures from now on. Any thread.
    func add(_ sender: VideoSender) { senders.add(sender, id: ObjectIdentifier(sender)) }

    /// The size of the first picture; throws when the source does not open or shows nothing in time.
    func opened(within limit: Duration) async throws(RoomError) -> VideoFormat {
        guard let outcome = await opening.next(within: limit) else {
            throw RoomError(.media, "The camera delivered no picture; check that no other program uses it.")
        }
        return try outcome.get()
    }

    /// Captures until stopped. Runs on the camera thread.
    func capture() async {
        let renderers = track.renderers
        let first = AtomicFlag(true)
        let fps = track.source.format.framesPerSecond
        do {
            try await track.source.run { [senders, opening, isMuted] frame in
                if first.take() {
                    let format = VideoFormat(width: frame.width, height: frame.height, framesPerSecond: fps)
                    opening.store(.success(format))
                }
                if isMuted.isSet { return }
                var viewers = SinkList<any VideoSink>.Snapshot()
                renderers.refresh(&viewers)
                for sink in viewers.sinks { sink.receive(frame) }
                var encoders = SinkList<VideoSender>.Snapshot()
                senders.refresh(&encoders)
                for sender in encoders.sinks { sender.receive(frame) }
            }
        } catch {
            opening.store(.failure(RoomError(.media, "\(error)", underlying: error)))
        }
        primary.finish()
    }
}
