import Devices
import Foundation
import Logging
import MediaCore
import RoomKit

/// A subscriber for measuring: joins, writes down when which picture came and what was to be heard, leaves.
///
///     receiving-probe URL TOKEN PICTURES.csv SOUND.wav SECONDS [CODEC...]
///
/// With codecs behind it decodes pictures in those only, as if it knew no others. At the end it says what it got.
///
/// `Scripts/bench.sh` judges its files and those of the Python SDK with the same eyes; the program itself tells
/// people less, once a second.
@main
enum ReceivingProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 6, let seconds = Double(arguments[5]) else {
            FileHandle.standardError.write(
                Data("usage: receiving-probe URL TOKEN PICTURES.csv SOUND.wav SECONDS [CODEC...]\n".utf8))
            exit(2)
        }
        signal(SIGPIPE, SIG_IGN)
        let room = Room(logger: Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() })
        let pictures = try PictureLog(path: arguments[3])
        var options = RoomOptions()
        options.speaker = FileAudioSink(path: arguments[4])
        options.receivedVideoCodecs = arguments.dropFirst(6).compactMap(MediaCodec.init(rawValue:))
        let events = room.events
        let watching = Task {
            for await case .trackSubscribed(.video(let track), _, _) in events {
                track.add(videoRenderer: pictures)
            }
        }
        try await room.connect(url: arguments[1], token: arguments[2], roomOptions: options)
        try await Task.sleep(for: .seconds(seconds))
        for track in await room.statistics().receiving {
            print(
                track.participant, track.kind, track.codec, track.frames, "frames", track.packets, "packets")
        }
        await room.disconnect()
        watching.cancel()
    }
}
