package import MediaCore

/// What `--camera D` stands for.
package enum CameraChoice: Hashable, Sendable {
    case none
    case device(DeviceDescription)
    /// The built-in test picture.
    case pattern
    /// A video file, looped.
    case file(path: String)

    /// Resolves what the user wrote against the cameras of this machine (`CameraCatalog.list()`).
    package init(_ text: String, among cameras: [DeviceDescription]) throws(DeviceSelectionError) {
        switch text.lowercased() {
        case "none":
            self = .none
        case "pattern":
            self = .pattern
        default:
            if let path = value(of: text, after: "file:") {
                guard !path.isEmpty else {
                    throw .malformed(.camera, text: text, expected: "file:PATH of a video file")
                }
                self = .file(path: path)
            } else {
                self = .device(try DeviceSelection.find(text, .camera, among: cameras))
            }
        }
    }

    /// Name for people.
    package var name: String {
        switch self {
        case .none: "none"
        case .device(let device): device.name
        case .pattern: "test pattern"
        case .file(let path): path
        }
    }

    /// The source that delivers the pictures; `nil` for `none`. A camera is opened when the source runs, a
    /// file is looked at here.
    package func makeSource(
        format: VideoFormat, warn: @escaping @Sendable (DeviceWarning) -> Void = { _ in }
    ) throws(DeviceError) -> (any VideoSource)? {
        switch self {
        case .none: nil
        case .device(let device):
            CameraSource(path: device.path, name: device.name, format: format, warn: warn)
        case .pattern: TestPatternSource(format: format)
        case .file(let path): try FileVideoSource(path: path)
        }
    }
}
