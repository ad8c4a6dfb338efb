import Devices
import Foundation
import MediaCore
import RoomKit
import TestSupport
import Testing

private let shapes = ["single", "dual"]
private let codecs = ["vp8", "h264", "vp9", "av1"]

/// The LiveKit Python SDK (libwebrtc) on the other side, unmodified, through the embedded room.
@Suite("Interop: the Python SDK in our room", .serialized)
struct PythonInteropTests {
    @Test("what it publishes in any codec is seen and heard by us", arguments: shapes, codecs)
    func weReceive(shape: String, codec: String) async throws {
        try await TestRoom.run { host in
            try await host.joinPython("python", ["--shape", shape, "--video", codec, "--tone", "440"]) {
                peer in
                try await peer.expect("published")
                try await host.join("swift") { _, events in
                    let pictures = PictureWatcher()
                    let sound = SoundWatcher()
                    try await events.video(of: "python").add(videoRenderer: pictures)
                    try await events.audio(of: "python").add(audioRenderer: sound)
                    try await wait(for: "45 readable pictures of \(codec)") { pictures.seen.readable >= 45 }
                    try await wait(for: "a 440 Hz tone") {
                        sound.sampleCount > 96_000 && abs(sound.frequency - 440) <= 3
                    }
                    #expect(sound.loudness > 1_000)
                }
            }
        }
    }

    @Test("simulcast arrives whole", arguments: shapes)
    func simulcast(shape: String) async throws {
        try await TestRoom.run { host in
            try await host.joinPython("python", ["--shape", shape, "--video", "vp8", "--simulcast"]) { peer in
                try await peer.expect("published")
                try await host.join("swift") { _, events in
                    let pictures = PictureWatcher()
                    try await events.video(of: "python").add(videoRenderer: pictures)
                    try await wait(for: "the largest layer") {
                        pictures.seen.width == 640 && pictures.seen.readable >= 45
                    }
                }
            }
        }
    }

    @Test("of its simulcast we get the size that we ask for", arguments: shapes)
    func choosesLayers(shape: String) async throws {
        try await TestRoom.run { host in
            let arguments = ["--shape", shape, "--video", "vp8", "--simulcast", "--size", "1280x720"]
            try await host.joinPython("python", arguments) { peer in
                try await peer.expect("published")
                try await host.join("swift") { room, events in
                    let pictures = PictureWatcher()
                    try await events.video(of: "python").add(videoRenderer: pictures)
                    let publications = await room.remoteParticipants.values.flatMap(\.trackPublications)
                    let publication = try #require(publications.first { $0.kind == .video })
                    for (quality, width) in [(VideoQuality.low, 320), (.high, 1_280), (.medium, 640)] {
                        try await publication.set(videoQuality: quality)
                        try await wait(for: "a width of \(width)") { pictures.seen.width == width }
                        let before = pictures.seen.readable
                        try await wait(for: "pictures of it") { pictures.seen.readable >= before + 20 }
                    }
                }
            }
        }
    }

    @Test("of its VP9, which has all sizes in one stream, we get the smallest when we ask for it")
    func choosesLayersOfOneStream() async throws {
        try await TestRoom.run { host in
            let arguments = ["--video", "vp9", "--simulcast", "--size", "1280x720"]
            try await host.joinPython("python", arguments) { peer in
                try await peer.expect("published")
                try await host.join("swift") { room, events in
                    let pictures = PictureWatcher()
                    try await events.video(of: "python").add(videoRenderer: pictures)
                    try await wait(for: "a larger picture") { pictures.seen.width > 320 }
                    let publications = await room.remoteParticipants.values.flatMap(\.trackPublications)
                    let publication = try #require(publications.first { $0.kind == .video })
                    try await publication.set(videoQuality: .low)
                    try await wait(for: "a width of 320") { pictures.seen.width == 320 }
                    let before = pictures.seen.readable
                    try await wait(for: "pictures of it") { pictures.seen.readable >= before + 20 }
                }
            }
        }
    }

    @Test("what we publish is seen and heard by it, also muted and unmuted", arguments: shapes)
    func itReceives(shape: String) async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, _ in
                let pattern = TestPatternSource(
                    format: VideoFormat(width: 1_280, height: 720, framesPerSecond: 30))
                let video = try await room.localParticipant.publish(
                    videoTrack: LocalVideoTrack(source: pattern))
                try await room.localParticipant.publish(
                    audioTrack: LocalAudioTrack(source: ToneSource(hertz: 440)), options: .unprocessed)
                try await host.joinPython("python", ["--shape", shape]) { peer in
                    try await peer.expect("video") {
                        ($0[number: "readable"] ?? 0) >= 60 && $0[number: "width"] == 1_280
                    }
                    try await peer.expect("audio") { line in
                        abs((line[number: "frequency"] ?? 0) - 440) < 6 && (line[number: "rms"] ?? 0) > 1_000
                    }
                    try await peer.expect("speakers") { $0[list: "who"].contains("swift") }
                    try await video.mute()
                    try await peer.expect("muted") { $0["kind"] == "video" }
                    try await video.unmute()
                    try await peer.expect("unmuted") { $0["kind"] == "video" }
                    let before = peer.lines.all.last { $0.event == "video" }?[number: "frames"] ?? 0
                    try await peer.expect("video") { ($0[number: "frames"] ?? 0) > before + 20 }
                    try await room.localParticipant.unpublish(publication: video)
                    try await peer.expect("unsubscribed") { $0["kind"] == "video" }
                }
            }
        }
    }

    @Test("data, muting, attributes and leaving go both ways", arguments: shapes)
    func everythingElse(shape: String) async throws {
        try await TestRoom.run { host in
            try await host.join("swift") { room, events in
                try await host.joinPython("python", ["--shape", shape, "--tone", "440"]) { peer in
                    try await peer.expect("published")
                    try await events.audio(of: "python")
                    peer.tell("mute audio")
                    try await events.expect("track_muted") { if case .trackMuted = $0 { true } else { nil } }
                    peer.tell("unmute audio")
                    try await events.expect("track_unmuted") {
                        if case .trackUnmuted = $0 { true } else { nil }
                    }
                    for (word, isReliable) in [("data", true), ("lossy", false)] {
                        peer.tell("\(word) hello-\(word)")
                        try await events.expect("hello-\(word)") { event -> Bool? in
                            guard case .dataReceived(let message) = event else { return nil }
                            let isIt = message.data == Array("hello-\(word)".utf8)
                            return isIt && message.isReliable == isReliable ? true : nil
                        }
                        try await room.localParticipant.publish(
                            data: Array("back-\(word)".utf8),
                            options: DataPublishOptions(topic: "x", reliable: isReliable))
                        let line = try await peer.expect("data") { $0["text"] == "back-\(word)" }
                        #expect(line["who"] == "swift" && line["topic"] == "x")
                    }
                    peer.tell("attributes mood=calm")
                    try await events.expect("attributes") { event -> Bool? in
                        guard case .participantAttributesChanged(_, let changed) = event else { return nil }
                        return changed == ["mood": "calm"] ? true : nil
                    }
                    try await room.localParticipant.set(attributes: ["side": "swift"])
                    try await peer.expect("attributes") { $0[object: "changed"] == ["side": "swift"] }
                }
                try await events.expect("participant_disconnected") {
                    if case .participantDisconnected(let who) = $0, who.identity == "python" {
                        true
                    } else {
                        nil
                    }
                }
            }
        }
    }

    @Test("it sees us leave")
    func itSeesUsLeave() async throws {
        try await TestRoom.run { host in
            try await host.joinPython("python", ["--shape", "single"]) { peer in
                try await peer.expect("joined")
                try await host.join("swift") { _, _ in
                    try await peer.expect("arrived") { $0["who"] == "swift" }
                }
                try await peer.expect("left", within: .seconds(5)) { $0["who"] == "swift" }
            }
        }
    }
}
