/// Where pictures go: a window, a recorder, a model.
public protocol VideoSink: AnyObject, Sendable {
    /// Takes a picture; called on a decoding or capturing thread, must return at once.
    func receive(_ frame: VideoFrame)
}
