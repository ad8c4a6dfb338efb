import Devices
import MediaCore
import RoomKit
import TestSupport
import Testing

/// A track that not everybody decodes, through the embedded room.
@Suite("Interop: the backup codec", .serialized)
struct BackupCodecTests {
    /// Joins as one who decodes only these codecs, and watches.
    private static func watch(
        _ host: TestRoom, _ identity: String, decoding codecs: [MediaCodec],
        _ body: (Room, PictureWatcher) async throws -> Void
    ) async throws {
        var options = RoomOptions()
        options.receivedVideoCodecs = codecs
        try await host.join(identity, options: options) { room, log in
            let track = try await log.expect("a track of pictures") { event in
                if case .trackSubscribed(.video(let track), _, _) = event { track } else { nil }
            }
            let watcher = PictureWatcher()
            track.add(videoRenderer: watcher)
            try await body(room, watcher)
        }
    }

    private static func publish(in room: Room, _ codec: MediaCodec) async throws -> LocalTrackPublication {
        var options = VideoPublishOptions()
        options.codec = codec
        let pattern = TestPatternSource(format: VideoFormat(width: 640, height: 360, framesPerSecond: 30))
        return try await room.localParticipant.publish(
            videoTrack: LocalVideoTrack(source: pattern), options: options)
    }

    /// The codecs in which the room's pictures are sent, by whether something is encoded.
    private static func activity(of room: Room) async -> [String: Bool] {
        let tracks = await room.statistics().sending.filter { $0.kind == .video }
        return Dictionary(
            tracks.map { ($0.codec, $0.layers.contains(where: \.isActive)) }
        ) { first, _ in first }
    }

    /// The codec in which the room gets pictures.
    private static func received(by room: Room) async -> String? {
        await room.statistics().receiving.first { $0.kind == .video }?.codec
    }

    @Test(
        "who does not decode the codec of a track gets the backup codec, the others go on; it sleeps when he has left",
        arguments: [MediaCodec.vp9, .av1])
    func backup(codec: MediaCodec) async throws {
        try await TestRoom.run { host in
            try await host.join("publisher") { room, _ in
                let publication = try await Self.publish(in: room, codec)
                try await Self.watch(host, "rich", decoding: []) { rich, richPictures in
                    try await wait(for: "pictures in \(codec)") { richPictures.seen.readable >= 10 }
                    #expect(await Self.activity(of: room) == [codec.rawValue: true])
                    try await Self.watch(host, "poor", decoding: [.vp8]) { poor, pictures in
                        try await wait(for: "pictures in the backup codec") { pictures.seen.readable >= 30 }
                        #expect(await Self.received(by: poor) == "vp8")
                        #expect(await Self.activity(of: room) == [codec.rawValue: true, "vp8": true])
                        let before = richPictures.seen.readable
                        try await wait(for: "more pictures in \(codec)") {
                            richPictures.seen.readable >= before + 30
                        }
                        #expect(await Self.received(by: rich) == codec.rawValue)
                    }
                    try await wait(for: "the backup codec to sleep", within: .seconds(30)) {
                        await Self.activity(of: room) == [codec.rawValue: true, "vp8": false]
                    }
                    try await Self.watch(host, "poor again", decoding: [.vp8]) { _, pictures in
                        try await wait(for: "it to wake up") { pictures.seen.readable >= 10 }
                        try await publication.mute()
                        try await Task.sleep(for: .milliseconds(500))
                        let muted = pictures.seen.frames
                        try await Task.sleep(for: .milliseconds(500))
                        #expect(pictures.seen.frames == muted)
                        try await publication.unmute()
                        try await wait(for: "pictures again") { pictures.seen.frames > muted + 10 }
                    }
                    try await room.localParticipant.unpublish(publication: publication)
                    #expect(await room.statistics().sending.isEmpty)
                }
            }
        }
    }

    @Test("without a backup codec he is told that he cannot decode the track")
    func none() async throws {
        try await TestRoom.run { host in
            try await host.join("publisher") { room, _ in
                _ = try await Self.publish(in: room, .h264)
                var options = RoomOptions()
                options.receivedVideoCodecs = [.vp8]
                try await host.join("poor", options: options) { _, log in
                    try await log.expect("the failure") { event -> Bool? in
                        if case .trackSubscriptionFailed = event { true } else { nil }
                    }
                }
                #expect(await Self.activity(of: room).keys.sorted() == ["h264"])
            }
        }
    }
}
