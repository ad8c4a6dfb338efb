/// Why a device, a file in its place, or the window cannot be used; `description` is one sentence for people.
package enum DeviceError: Error, Hashable, CustomStringConvertible {
    /// The device does not open or does not accept the format.
    case cannotOpen(device: String, reason: String)
    /// An open device stopped working.
    case lost(device: String, reason: String)
    /// A file cannot be read, written or understood.
    case badFile(path: String, reason: String)
    /// There is no display to open a window on.
    case noDisplay(reason: String)

    package var description: String {
        switch self {
        case .cannotOpen(let device, let reason): "Cannot open \(device): \(reason)."
        case .lost(let device, let reason): "\(device) stopped working: \(reason)."
        case .badFile(let path, let reason): "Cannot use the file \(path): \(reason)."
        case .noDisplay(let reason): "Cannot open a window: \(reason)."
        }
    }
}

/// What happens to a device while it is in use; the caller shows or logs it.
package enum DeviceWarning: Hashable, Sendable, CustomStringConvertible {
    /// It delivers nothing any more; a new attempt is made every second.
    case stopped(device: String, reason: String)
    /// It works again.
    case isBack(device: String)

    package var description: String {
        switch self {
        case .stopped(let device, let reason): "\(device) stopped (\(reason)), trying again every second."
        case .isBack(let device): "\(device) works again."
        }
    }
}
