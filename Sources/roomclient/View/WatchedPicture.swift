import Devices

/// The one remote picture the window shows.
struct WatchedPicture: Hashable, Sendable {
    /// Its track; `nil` = none is shown.
    var sid: String?
    /// The size at which it is drawn, in pixels of the window.
    var size: PixelSize
}
