import Devices
import Foundation
import MediaCore

/// Writes one line for each picture that comes out of the decoder: arrival and capture time in microseconds of the
/// monotonic clock (the latter empty when the picture carries none), width, height.
final class PictureLog: VideoSink {
    private let file: FileHandle

    init(path: String) throws {
        try Data().write(to: URL(filePath: path))
        file = try FileHandle(forWritingTo: URL(filePath: path))
    }

    func receive(_ frame: VideoFrame) {
        let now = SystemClock.now
        let captured = Timecode.captureTime(of: frame).map { "\($0.microseconds)" } ?? ""
        try? file.write(
            contentsOf: Data("\(now.microseconds),\(captured),\(frame.width),\(frame.height)\n".utf8))
    }
}
