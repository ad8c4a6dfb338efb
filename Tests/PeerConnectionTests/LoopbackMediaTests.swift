import MediaCore
import PeerConnection
import RTP
import Testing

/// Media between whole connections on 127.0.0.1.
@Suite(.timeLimit(.minutes(5)))
struct LoopbackMediaTests {
    @Test func soundAndPicturesArriveAsFrames() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            let audio = await pair.offerer.addTransceiver(.audio, .sendonly, sending: .sample("mic"))
            let video = await pair.offerer.addTransceiver(.video, .sendonly, sending: .sample("cam"))
            let collector = MediaCollector()
            try await pair.negotiate()
            for mid in [audio, video] { await pair.answerer.setReceiver(collector, on: mid) }
            try await pair.offererLog.reach(.connected)
            try await pair.answererLog.reach(.connected)
            let sender = Task { await sendMedia(from: pair.offerer, audio: audio, video: video) }
            let picture = try #require(await collector.pictures.first { _ in true })
            let sound = try #require(await collector.sounds.first { _ in true })
            sender.cancel()
            #expect(picture.isKeyframe)
            #expect(picture.bytes == keyframe)
            #expect(sound.bytes == [0xF8, 1, 2, 3])
        }
    }

    @Test func aRoomPassesPacketsOn() async throws {
        let publisher = ConnectedPair(answerer: .loopbackRoom)
        let subscriber = ConnectedPair(offerer: .loopbackRoom)
        try await publisher.run {
            try await subscriber.run {
                let inbound = await publisher.offerer.addTransceiver(
                    .video, .sendonly, sending: .sample("cam"))
                let outbound = await subscriber.offerer.addTransceiver(
                    .video, .sendonly, sending: .sample("PA_1|TR_1"), codecs: [.vp8])
                try await publisher.negotiate()
                try await subscriber.negotiate()
                try await subscriber.answererLog.reach(.connected)
                try await subscriber.offererLog.reach(.connected)
                let collector = MediaCollector()
                await subscriber.answerer.setReceiver(collector, on: outbound)
                let relay = PacketRelay(
                    to: subscriber.offerer, on: outbound, asking: publisher.answerer, on: inbound)
                await publisher.answerer.setPacketReceiver(relay)
                await subscriber.offerer.setPacketReceiver(relay)
                try await publisher.offererLog.reach(.connected)
                let sender = Task { await sendMedia(from: publisher.offerer, audio: nil, video: inbound) }
                let picture = try #require(await collector.pictures.first { _ in true })
                sender.cancel()
                #expect(picture.bytes == keyframe)
                let statistics = await subscriber.offerer.statistics()
                #expect(statistics.outgoing.map(\.mid) == [outbound])
            }
        }
    }

    @Test func aRoomReportsArrivalsAndTheSenderKnowsWhatThePathCarries() async throws {
        let pair = ConnectedPair(answerer: .loopbackRoom)
        try await pair.run {
            let video = await pair.offerer.addTransceiver(.video, .sendonly, sending: .sample("cam"))
            try await pair.negotiate()
            try await pair.offererLog.reach(.connected)
            let sender = Task { await sendMedia(from: pair.offerer, audio: nil, video: video) }
            let estimate = try await pair.offererLog.next { event -> Bitrate? in
                if case .sendBitrate(let bitrate) = event { bitrate } else { nil }
            }
            sender.cancel()
            #expect(estimate >= .kilobits(50))
            #expect(estimate <= .kilobits(2_000))
        }
    }

    @Test func aTrackThatIsAddedLaterFlows() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            await pair.offerer.openDataChannel("_lossy", isOrdered: false, maximumRetransmits: 0)
            try await pair.negotiate()
            try await pair.offererLog.reach(.connected)
            let video = await pair.offerer.addTransceiver(.video, .sendonly, sending: .sample("cam"))
            let collector = MediaCollector()
            await pair.answerer.setReceiver(collector, on: video)
            try await pair.negotiate()
            let started = try await pair.answererLog.next { event -> RemoteSection? in
                if case .trackStarted(let section) = event { section } else { nil }
            }
            #expect(started.mid == video)
            #expect(started.stream == MediaStreamID(stream: "cam", track: "cam"))
            let sender = Task { await sendMedia(from: pair.offerer, audio: nil, video: video) }
            #expect(await collector.pictures.first { _ in true } != nil)
            sender.cancel()
            await pair.offerer.setSending(nil, on: video)
            try await pair.negotiate()
            let ended = try await pair.answererLog.next { event -> MediaID? in
                if case .trackEnded(let mid) = event { mid } else { nil }
            }
            #expect(ended == video)
        }
    }

    @Test func aKeyframeRequestReachesTheSender() async throws {
        let pair = ConnectedPair()
        try await pair.run {
            let video = await pair.offerer.addTransceiver(.video, .sendonly, sending: .sample("cam"))
            try await pair.negotiate()
            let collector = MediaCollector()
            await pair.answerer.setReceiver(collector, on: video)
            try await pair.offererLog.reach(.connected)
            let sender = Task { await sendMedia(from: pair.offerer, audio: nil, video: video) }
            _ = await collector.pictures.first { _ in true }
            pair.answerer.askForKeyframe(on: video)
            let asked = try await pair.offererLog.next { event -> MediaID? in
                if case .keyframeRequested(let mid, _) = event { mid } else { nil }
            }
            sender.cancel()
            #expect(asked == video)
        }
    }
}

/// A VP8 key frame of 64 x 64 as far as its header goes (RFC 6386 §9.1); nobody decodes it.
private let keyframe: [UInt8] =
    [0x10, 2, 0, 0x9D, 0x01, 0x2A, 64, 0, 64, 0] + Array(repeating: 7, count: 2_000)

/// Sends key frames and sound every 20 ms until it is cancelled.
private func sendMedia(from peer: PeerConnection, audio: MediaID?, video: MediaID?) async {
    var tick: UInt32 = 0
    while !Task.isCancelled {
        tick &+= 1
        let now = SystemClock.now
        if let video {
            peer.send(
                EncodedFrame(
                    codec: .vp8, bytes: keyframe, isKeyframe: true, timestamp: tick &* 1_800, captureTime: now
                ),
                on: video)
        }
        if let audio {
            let frame = EncodedFrame(
                codec: .opus, bytes: [0xF8, 1, 2, 3], isKeyframe: true, timestamp: tick &* 960,
                captureTime: now)
            peer.send(frame, on: audio, audioLevel: AudioLevel(level: 30, isVoice: true))
        }
        try? await Task.sleep(for: .milliseconds(20))
    }
}

/// Keeps what arrives.
private final class MediaCollector: MediaReceiver {
    let pictures: AsyncStream<EncodedFrame>
    let sounds: AsyncStream<ReceivedAudioPacket>
    private let pictureSink: AsyncStream<EncodedFrame>.Continuation
    private let soundSink: AsyncStream<ReceivedAudioPacket>.Continuation

    init() {
        (pictures, pictureSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
        (sounds, soundSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100))
    }

    func receive(video frame: EncodedFrame, on mid: MediaID) { pictureSink.yield(frame) }
    func receive(audio packet: ReceivedAudioPacket, on mid: MediaID) { soundSink.yield(packet) }
    func receive(senderReport: SenderReport, from source: SSRC, on mid: MediaID, at time: MonotonicTime) {}
}

/// A room of one publisher and one subscriber that changes nothing in the packets.
private final class PacketRelay: PacketReceiver {
    private let outlet: PeerConnection
    private let outbound: MediaID
    private let source: PeerConnection
    private let inbound: MediaID

    init(to outlet: PeerConnection, on outbound: MediaID, asking source: PeerConnection, on inbound: MediaID)
    {
        self.outlet = outlet
        self.outbound = outbound
        self.source = source
        self.inbound = inbound
    }

    func receive(_ packet: borrowing ReceivedPacket) {
        let header = packet.header
        let range = packet.payload
        packet.buffer.withSpan { original in
            let payload = original.extracting(range)
            outlet.assumeIsolated { $0.forward(header, payload: payload, original: original, on: outbound) }
        }
    }

    func receive(_ report: SenderReport, from source: SSRC, on mid: MediaID, at now: MonotonicTime) {}

    func keyframeRequested(on mid: MediaID, of ssrc: SSRC) {
        source.assumeIsolated { $0.requestKeyframe(on: inbound) }
    }
}

extension LocalMedia {
    fileprivate static func sample(_ name: String) -> LocalMedia {
        .make(streamID: name, trackID: name, cname: name)
    }
}
