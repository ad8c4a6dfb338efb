/// Listens to a track: a recorder, a recognizer, a meter.
public protocol AudioRenderer: AnyObject, Sendable {
    /// Takes 10 ms of sound; called on the speaker thread, must return at once.
    func render(_ frame: AudioFrame)
}
