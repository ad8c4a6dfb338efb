import LiveKitProtocol
import MediaCore
import PeerConnection
import Testing

@testable import RoomKit

@Suite("Backup codec")
struct BackupCodecTests {
    private static func options(
        _ codec: MediaCodec, _ backup: BackupCodec = .automatic, source: TrackSource = .camera
    ) -> VideoPublishOptions {
        var options = VideoPublishOptions()
        options.codec = codec
        options.backupCodec = backup
        options.source = source
        return options
    }

    private static func announcement(_ options: VideoPublishOptions) -> TrackAnnouncement {
        let format = VideoFormat(width: 1_280, height: 720, framesPerSecond: 30)
        return TrackAnnouncement(video: options, format: format, cname: "me")
    }

    /// A published track as the room keeps it.
    private static func record(_ options: VideoPublishOptions) -> LocalTrackRecord {
        let announcement = announcement(options)
        let track = LocalVideoTrack(source: StillCamera())
        let publisher = VideoPublisher(track: track)
        var info = Livekit_TrackInfo()
        info.sid = "TR_1"
        let encoding = LocalEncoding(
            codec: options.codec, sending: announcement.sending, layers: announcement.layers,
            mid: MediaID("5"), sender: publisher.primary)
        return LocalTrackRecord(
            info: info, request: announcement.request, media: .video(publisher),
            origin: .video(track, options), mid: encoding.mid, encodings: [encoding])
    }

    /// What the server says of codecs: which of the qualities from the lowest up are enabled.
    private static func update(_ codecs: [(String, [Bool])]) -> Livekit_SubscribedQualityUpdate {
        var update = Livekit_SubscribedQualityUpdate()
        update.subscribedCodecs = codecs.map { name, enabled in
            var codec = Livekit_SubscribedCodec()
            codec.codec = name
            let qualities: [Livekit_VideoQuality] = [.low, .medium, .high]
            codec.qualities = zip(qualities, enabled).map { quality, isEnabled in
                var wanted = Livekit_SubscribedQuality()
                (wanted.quality, wanted.enabled) = (quality, isEnabled)
                return wanted
            }
            return codec
        }
        return update
    }

    @Test(
        "VP8 stands behind VP9 and AV1 unless the options say otherwise",
        arguments: [
            (.vp9, .automatic, .vp8), (.av1, .automatic, .vp8),
            (.vp8, .automatic, nil), (.h264, .automatic, nil), (.vp9, .none, nil),
            (.vp9, .codec(.h264), .h264), (.h264, .codec(.vp8), .vp8), (.vp9, .codec(.vp9), nil),
            (.vp9, .codec(.opus), nil),
        ] as [(MediaCodec, BackupCodec, MediaCodec?)])
    func choice(codec: MediaCodec, backup: BackupCodec, expected: MediaCodec?) {
        let announcement = Self.announcement(Self.options(codec, backup))
        let named = announcement.request.simulcastCodecs
        #expect(named.map(\.codec) == [codec.rawValue] + (expected.map { [$0.rawValue] } ?? []))
        #expect(named.dropFirst().allSatisfy { $0.cid.isEmpty })
        #expect(Self.record(Self.options(codec, backup)).backupCodec == expected)
        if let expected { #expect(announcement.codecs.contains(expected)) }
    }

    @Test("it is only named at first: with its sizes, without sources")
    func promise() throws {
        let request = Self.announcement(Self.options(.vp9)).request
        let backup = try #require(request.simulcastCodecs.last)
        #expect(backup.layers.map(\.rid) == ["q", "h", "f"])
        #expect(backup.layers.map(\.height) == [180, 360, 720])
        #expect(backup.layers.allSatisfy { $0.ssrc == 0 && $0.repairSsrc == 0 })
        #expect(backup.videoLayerMode == .oneSpatialLayerPerStream)
        #expect(request.layers.allSatisfy { $0.ssrc != 0 && $0.rid.isEmpty })
    }

    @Test(
        "the policy of the options is what the server is told",
        arguments: [
            (BackupCodecPolicy.preferRegression, Livekit_BackupCodecPolicy.preferRegression),
            (.simulcast, .simulcast), (.regression, .regression),
        ])
    func policy(policy: BackupCodecPolicy, expected: Livekit_BackupCodecPolicy) {
        var options = Self.options(.av1)
        options.backupCodecPolicy = policy
        #expect(Self.announcement(options).request.backupCodecPolicy == expected)
    }

    @Test("once it is needed it is announced for the track that is there, as a stream of its own")
    func announcement() throws {
        let record = Self.record(Self.options(.vp9))
        let announcement = try #require(TrackAnnouncement(backup: .vp8, of: record))
        let request = announcement.request
        #expect(request.sid == "TR_1" && request.type == .video && request.source == .camera)
        #expect(request.cid != record.request.cid && request.cid == announcement.sending.trackID)
        #expect(request.simulcastCodecs.map(\.codec) == ["vp8"])
        #expect(request.simulcastCodecs.map(\.cid) == [request.cid])
        #expect(request.simulcastCodecs.first?.layers == request.layers)
        #expect(request.layers.map(\.rid) == ["q", "h", "f"])
        #expect(announcement.codecs == [.vp8])
        #expect(announcement.sending.cname == "me")
        let sources = record.request.layers.map(\.ssrc)
        #expect(Set(request.layers.map(\.ssrc)).isDisjoint(with: sources + [0]))
    }

    @Test("a screen has one size in its backup codec, as in the first")
    func screen() throws {
        let record = Self.record(Self.options(.vp9, source: .screenShareVideo))
        let announcement = try #require(TrackAnnouncement(backup: .vp8, of: record))
        #expect(announcement.layers.map(\.rid) == [nil])
        #expect(announcement.sending.streamID == "screen")
        #expect(record.request.simulcastCodecs.last?.layers.count == 1)
    }

    @Test("a codec is wanted when the server enables any of its qualities, by name")
    func wish() {
        #expect(Self.update([("vp9", [true, true, true]), ("vp8", [true, false, false])]).wants(.vp8))
        #expect(Self.update([("VP8", [true, true, true])]).wants(.vp8))
        #expect(!Self.update([("vp9", [true, true, true])]).wants(.vp8))
        #expect(!Self.update([("vp8", [false, false, false])]).wants(.vp8))
        // The list of old servers means whatever is sent, and nobody's codec.
        var old = Livekit_SubscribedQualityUpdate()
        old.subscribedQualities = Self.update([("vp8", [true, true, true])]).subscribedCodecs[0].qualities
        #expect(!old.wants(.vp8))
        #expect(old.qualities(of: .vp9)?.count == 3)
    }

    @Test("only what is watched of it is encoded and counts, nothing before somebody asks")
    func watching() throws {
        let record = Self.record(Self.options(.vp9))
        let publisher = VideoPublisher(track: LocalVideoTrack(source: StillCamera()))
        let announcement = try #require(TrackAnnouncement(backup: .vp8, of: record))
        let backup = LocalEncoding(
            codec: .vp8, sending: announcement.sending, layers: announcement.layers, mid: MediaID("6"),
            sender: publisher.makeSender())
        #expect(backup.wantedBitrate == .zero)
        let two = try #require(Self.update([("vp8", [true, true, false])]).qualities(of: .vp8))
        backup.watch(two)
        #expect((0..<3).map(backup.sender.isWatched) == [true, true, false])
        #expect(backup.wantedBitrate == .kilobits(610))
        let none = try #require(Self.update([("vp8", [false, false, false])]).qualities(of: .vp8))
        backup.watch(none)
        #expect(backup.wantedBitrate == .zero)
        #expect(record.encodings[0].wantedBitrate > .kilobits(1_000))
    }

    @Test("captured pictures go to both encoders")
    func sharing() async throws {
        let publisher = VideoPublisher(track: LocalVideoTrack(source: StillCamera()))
        let backup = publisher.makeSender()
        publisher.add(backup)
        await publisher.capture()
        let pictures = [publisher.primary, backup].compactMap { $0.latest.takeIfPresent() }
        #expect(pictures.count == 2)
    }

    @Test("a key frame is asked for in the layer and codec that a source belongs to")
    func sources() throws {
        let record = Self.record(Self.options(.vp9))
        let announcement = try #require(TrackAnnouncement(backup: .vp8, of: record))
        let backup = LocalEncoding(
            codec: .vp8, sending: announcement.sending, layers: announcement.layers, mid: MediaID("6"),
            sender: VideoSender(framesPerSecond: 30))
        #expect(backup.sending.layers.map { backup.layer(of: $0.ssrc) } == [0, 1, 2])
        #expect(record.encodings[0].layer(of: record.encodings[0].sending.ssrc) == nil)
    }
}

/// Shows one picture.
private struct StillCamera: VideoSource {
    let format = VideoFormat(width: 1_280, height: 720, framesPerSecond: 30)

    func run(_ deliver: @Sendable (VideoFrame) -> Void) async throws {
        let pool = VideoFramePool(limit: 1)
        guard let frame = pool.makeFrame(width: 1_280, height: 720, captureTime: .zero, fill: { _ in true })
        else { return }
        deliver(frame)
    }
}
