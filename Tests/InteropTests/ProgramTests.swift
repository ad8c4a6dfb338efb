import Foundation
import LiveKitProtocol
import RoomKit
import TestSupport
import Testing

/// What a spawned client prints for scripts, and the commands beside the call.
@Suite("Program", .serialized)
struct ProgramTests {
    @Test("the statistics of a call have the lines and keys scripts rely on")
    func statistics() async throws {
        let arguments = [
            "--no-prompt", "--view", "none", "--camera", "pattern", "--microphone", "tone", "--speaker",
            "none",
            "--identity", "me", "--stats", "-",
        ]
        try await SpawnedClient.run(arguments) { client in
            try await client.expect("first_frame") { $0["participant"] == "demo" && $0["kind"] == "video" }
            try await client.expect("first_frame") { $0["participant"] == "demo" && $0["kind"] == "audio" }
            let second = try await client.expect("stats") { line in
                line[tracks: "receive"].contains { Self.median($0) ?? 0 > 0 }
                    && line[tracks: "send"].count == 2
            }
            client.program.send(SIGINT)
            try await client.expect(status: 0)

            let lines = client.lines
            let times = lines.compactMap { $0[number: "t"] }
            #expect(times.count == lines.count && times == times.sorted())
            let joined = try #require(lines.first { $0.event == "joined" })
            #expect(joined["identity"] == "me" && joined["room"] == "roomclient")
            #expect(joined["sid"]?.hasPrefix("PA_") == true && joined[number: "ms"] != nil)
            expectKeys(["source", "sid", "codec", "ms"], of: lines, "published", count: 2)
            expectKeys(["participant", "source", "kind", "sid", "codec"], of: lines, "subscribed", count: 2)
            expectKeys(["participant", "source", "kind", "ms"], of: lines, "first_frame", count: 2)
            expectKeys(Self.secondKeys, of: [second], "stats", count: 1)
            for track in second[tracks: "send"] {
                #expect(Self.sendKeys.isSubset(of: track.keys), "\(track)")
            }
            for track in second[tracks: "receive"] {
                #expect(Self.receiveKeys.isSubset(of: track.keys), "\(track)")
            }
            let layers = second[tracks: "send"].compactMap { $0["layers"] as? [[String: Any]] }.flatMap { $0 }
            #expect(layers.compactMap { $0["rid"] as? String } == ["q", "h", "f"])
            #expect(layers.allSatisfy { Self.layerKeys.isSubset(of: $0.keys) })
            #expect(lines.last?.event == "summary")
            expectKeys(Self.summaryKeys, of: lines, "summary", count: 1)
        }
    }

    @Test("a call in VP8 and Opus loads neither libavcodec nor OpenCV, and has no second libvpx")
    func libraries() async throws {
        let arguments = SpawnedClient.bare + ["--camera", "pattern", "--stats", "-"]
        try await SpawnedClient.run(arguments) { client in
            try await client.expect("first_frame") { $0["kind"] == "video" }
            let files = client.program.mappedFiles
            #expect(files.contains { $0.hasPrefix("libopus.so") })
            let unwanted = ["libav", "libopencv", "libvpx"]
            #expect(files.filter { file in unwanted.contains { file.hasPrefix($0) } } == [])
        }
    }

    @Test("a token that is made can be inspected; with another secret it is not valid")
    func tokens() async throws {
        let pair = ["--api-key", "key"]
        let create = [
            "token", "create", "--room", "r", "--identity", "i", "--valid-for", "10m", "--grant",
            #"{"canPublish":false}"#,
            "--name", "N", "--metadata", "M", "--attribute", "k=v", "--api-secret", TestRoom.secret,
        ]
        let token = try await output(of: create + pair)
        let claims = try await SpawnedClient.run(
            ["token", "inspect", token, "--api-secret", TestRoom.secret] + pair
        ) {
            client in
            try await client.expect(status: 0, within: .seconds(10))
            return try JSONSerialization.jsonObject(with: Data(client.program.output.utf8)) as? [String: Any]
                ?? [:]
        }
        #expect(claims["iss"] as? String == "key" && claims["sub"] as? String == "i")
        #expect(claims["name"] as? String == "N" && claims["metadata"] as? String == "M")
        #expect(claims["attributes"] as? [String: String] == ["k": "v"])
        let video = claims["video"] as? [String: Any]
        #expect(video?["room"] as? String == "r" && video?["canPublish"] as? Bool == false)
        #expect(video?["roomJoin"] as? Bool == true)
        let left = (claims["exp"] as? Double ?? 0) - Date().timeIntervalSince1970
        #expect(left > 500 && left <= 600)
        try await SpawnedClient.run(
            ["token", "inspect", token, "--api-secret", "another one, also long enough"] + pair
        ) {
            client in
            try await client.expect(status: 4, within: .seconds(10))
        }
    }

    @Test("devices are listed as JSON")
    func devices() async throws {
        let text = try await output(of: ["devices", "--json"])
        let listing = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(listing.keys) == ["microphones", "speakers", "cameras"])
        #expect(listing.values.allSatisfy { $0 is [[String: Any]] })
    }

    @Test("serve says how to join it, and who does as it says meets the others there")
    func serving() async throws {
        try await SpawnedClient.run(["serve", "--port", "0", "--rtc-ports", "42100-42139"]) { server in
            try await wait(for: "instructions", of: server.program, within: .seconds(10)) {
                server.program.output.contains("Join it: ")
            }
            #expect(server.program.output.contains("UDP 42100-42139"))
            let line = server.program.output.split(separator: "\n").first {
                $0.hasPrefix("Join it: roomclient ")
            }
            let words = try #require(line).split(separator: " ").dropFirst(3).map(String.init)
            try await SpawnedClient.run(
                SpawnedClient.bare + ["--camera", "pattern", "--identity", "shower"] + words
            ) { _ in
                try await SpawnedClient.run(SpawnedClient.bare + ["--stats", "-"] + words) { watcher in
                    try await watcher.expect("first_frame") { $0["participant"] == "shower" }
                }
            }
            server.program.send(SIGTERM)
            try await server.expect(status: 0, within: .seconds(3))
        }
    }

    @Test("a video file stands in for a camera, again and again")
    func videoFile() async throws {
        try await TestRoom.run { host in
            try await host.join("watcher") { _, events in
                try await SpawnedProgram.run([
                    "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=20:duration=0.5",
                    "-pix_fmt", "yuv420p", "film.mp4",
                ]) { ffmpeg in
                    #expect(await ffmpeg.status(within: .seconds(10)) == 0, "\(ffmpeg.errors)")
                    let film = ffmpeg.folder.appending(path: "film.mp4").path
                    let call = [
                        "--camera", "file:\(film)", "--url", host.url, "--token", host.token("cinema"),
                    ]
                    try await SpawnedClient.run(SpawnedClient.bare + call) { client in
                        let pictures = PictureWatcher()
                        try await events.video(of: "cinema").add(videoRenderer: pictures)
                        try await wait(for: "the film", of: client.program, within: .seconds(10)) {
                            pictures.seen.frames >= 25
                        }
                        #expect(pictures.seen.width == 320 && pictures.seen.height == 240)
                    }
                }
            }
        }
    }

    @Test("a camera that fails is one warning, and the call goes on")
    func failingCamera() async throws {
        try await TestRoom.run { host in
            try await host.join("listener") { _, events in
                let call = [
                    "--camera", "file:/no/such/film.mp4", "--microphone", "tone", "--url", host.url,
                    "--token", host.token("unseen"),
                ]
                try await SpawnedClient.run(SpawnedClient.bare + call) { client in
                    try await events.audio(of: "unseen")
                    try await client.expect(said: "WARNING")
                    client.program.send(SIGINT)
                    try await client.expect(status: 0)
                    let warnings = client.program.errors.split(separator: "\n").filter {
                        $0.contains(" - WARNING - ")
                    }
                    #expect(warnings.count == 1 && warnings.first?.contains("/no/such/film.mp4") == true)
                }
            }
        }
    }

    private static let secondKeys: Set = [
        "t", "state", "rtt_ms", "cpu_s", "rss_mib", "rss_anon_mib", "send", "receive", "view",
    ]
    private static let sendKeys: Set = [
        "source", "sid", "kind", "codec", "kbps", "target_kbps", "layers", "encode_ms", "rtx", "nacks",
        "plis",
        "limited_by",
    ]
    private static let layerKeys: Set = ["rid", "width", "height", "fps", "kbps", "active"]
    private static let receiveKeys: Set = [
        "participant", "source", "sid", "kind", "codec", "width", "height", "fps", "kbps", "packets", "lost",
        "recovered", "concealed_ms", "frozen_ms", "freezes", "jitter_ms", "delay_ms", "decode_ms",
        "latency_ms",
    ]
    private static let summaryKeys: Set = [
        "t", "seconds", "cpu_s", "rss_mib_peak", "rss_anon_mib_peak", "receive", "send",
    ]

    private static func median(_ track: [String: Any]) -> Double? {
        ((track["latency_ms"] as? [String: Any])?["p50"] as? NSNumber)?.doubleValue
    }

    private func expectKeys(
        _ keys: Set<String>, of lines: [StatsLine], _ event: String, count: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let lines = lines.filter { $0.event == event }
        #expect(lines.count == count, "\(event)", sourceLocation: sourceLocation)
        for line in lines {
            #expect(keys.isSubset(of: line.fields.keys), "\(line.text)", sourceLocation: sourceLocation)
        }
    }

    private func output(of arguments: [String]) async throws -> String {
        try await SpawnedClient.run(arguments) { client in
            try await client.expect(status: 0, within: .seconds(10))
            return client.program.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
