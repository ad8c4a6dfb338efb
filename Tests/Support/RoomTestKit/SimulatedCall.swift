package import MediaCore
package import PeerConnection
import PeerTransport
import RTP

/// A call between two engines over two simulated links in virtual time: one side sends, the other
/// watches and listens.
///
/// Packets are really encrypted. Everything follows from `seed`, which belongs into the message of
/// a failing test.
package final class SimulatedCall {
    /// How the call begins.
    package struct Options: Sendable {
        /// The link that carries media.
        package var forward = LinkModel.Settings.perfect
        /// The link that carries feedback.
        package var backward = LinkModel.Settings.perfect
        /// First sequence number of all streams; `nil` = by chance.
        package var firstSequence: UInt16?
        /// First timestamp of pictures and sound.
        package var firstTimestamp: UInt32 = 1_000
        /// Whether repeats have a stream of their own (RFC 4588).
        package var hasRetransmissionStream = true
        /// Whether the receiver knows sources from the description, as of a server that sends no MID.
        package var declaresSources = false
        /// What pictures are encoded at, at most, if the encoder follows the estimate; `nil` = it does not.
        package var followedBitrate: Bitrate?
        /// Whether pictures have three temporal layers.
        package var hasTemporalLayers = false
        /// Seed of all accidents.
        package var seed: UInt64 = 1

        /// Makes options of a call without trouble.
        package init() {}
    }

    /// The section of pictures.
    package static let video: MediaID = "1"
    /// The section of sound.
    package static let audio: MediaID = "0"
    /// Time between two pictures.
    package static let videoInterval: Duration = .nanoseconds(33_333_333)
    private static let audioInterval: Duration = .milliseconds(20)

    /// The link that carries media.
    package var forward: LinkModel {
        get { sender.link }
        set { sender.link = newValue }
    }
    /// The link that carries feedback.
    package var backward: LinkModel {
        get { receiver.link }
        set { receiver.link = newValue }
    }
    /// Who watches.
    package private(set) var audience = SimulatedAudience()
    /// Key frames the sender was asked for.
    package private(set) var keyframeRequestCount = 0
    /// Arrival reports the sender got, and packets in them.
    package private(set) var feedbackCount = 0
    /// Packets that arrival reports spoke of.
    package private(set) var feedbackPacketCount = 0
    /// Pictures and packets of sound that were sent.
    package private(set) var sentFrames = 0
    /// Packets of sound that were sent.
    package private(set) var sentAudio = 0
    /// Most datagrams that one step of an engine put out.
    package private(set) var largestBurst = 0
    /// What the sender believed the path to carry, whenever it changed.
    package private(set) var estimates: [(time: MonotonicTime, bitrate: Bitrate)] = []
    /// Virtual time.
    package private(set) var now = MonotonicTime(nanoseconds: 5_000_000_000)
    /// Whether the camera runs.
    package var isCameraOn = true
    /// Whether the microphone runs.
    package var isMicrophoneOn = true
    /// How often an engine was called in vain or not, to notice a loop that never ends.
    package private(set) var stepCount = 0

    private let followedBitrate: Bitrate?
    private var sender: SimulatedEnd
    private var receiver: SimulatedEnd
    /// Who makes pictures.
    package var pictures: SimulatedPicture
    private var audioTimestamp: UInt32
    private var nextPicture: MonotonicTime
    private var nextSound: MonotonicTime
    private var nextListen: MonotonicTime

    /// Begins a call.
    package init(_ options: Options) throws {
        followedBitrate = options.followedBitrate
        pictures = SimulatedPicture(timestamp: options.firstTimestamp)
        pictures.hasTemporalLayers = options.hasTemporalLayers
        audioTimestamp = options.firstTimestamp
        nextPicture = now
        nextSound = now + .milliseconds(3)
        nextListen = now + .milliseconds(5)
        var configuration = PeerEngineConfiguration(
            unixNanosecondsAtZero: 1_700_000_000_000_000_000, seed: options.seed,
            videoBitrate: .kilobits(2_500))
        configuration.firstSequence = options.firstSequence
        sender = SimulatedEnd(
            PeerEngine(configuration: configuration, now: now),
            link: LinkModel(options.forward, seed: options.seed &* 2 &+ 1))
        configuration.seed &+= 1
        configuration.unixNanosecondsAtZero += 777_000_000
        receiver = SimulatedEnd(
            PeerEngine(configuration: configuration, now: now),
            link: LinkModel(options.backward, seed: options.seed &* 2 &+ 2))
        if let followedBitrate { pictures.follow(followedBitrate, interval: Self.videoInterval) }
        try secure()
        negotiate(options)
        if let followedBitrate {
            sender.engine.update(maximumBitrate: followedBitrate * 1.2 + .kilobits(100), at: now)
        }
    }

    /// What the sender counted.
    package var senderStatistics: PeerStatistics { sender.engine.statistics }
    /// What the receiver counted.
    package var receiverStatistics: PeerStatistics { receiver.engine.statistics }

    /// Goes on for a while. Stops early, and answers false, when an engine keeps asking to be
    /// called without time passing.
    @discardableResult
    package func run(for span: Duration) -> Bool {
        let end = now + span
        var stepsWithoutTime = 0
        while let next = nextTime, next <= end {
            stepsWithoutTime = next > now ? 0 : stepsWithoutTime + 1
            guard stepsWithoutTime < 10_000 else { return false }
            now = max(now, next)
            step()
        }
        now = end
        return true
    }

    /// The receiver's decoder failed.
    package func requestKeyframe() {
        receiver.engine.requestKeyframe(on: Self.video, at: now)
        drainReceiver()
    }

    private var nextTime: MonotonicTime? {
        [nextPicture, nextSound, nextListen, sender.nextTime, receiver.nextTime].compactMap(\.self).min()
    }

    private func step() {
        stepCount += 1
        while receiver.receive(from: &sender, at: now) { drainReceiver() }
        while sender.receive(from: &receiver, at: now) { drainSender() }
        capture()
        sender.engine.advance(to: now)
        drainSender()
        receiver.engine.advance(to: now)
        drainReceiver()
        if nextListen <= now {
            nextListen += audience.listen(at: now)
        }
    }

    private func capture() {
        if nextPicture <= now {
            nextPicture += Self.videoInterval
            if isCameraOn {
                sentFrames += 1
                sender.engine.send(
                    pictures.next(at: now, interval: Self.videoInterval), on: Self.video, at: now)
                drainSender()
            }
        }
        if nextSound <= now {
            nextSound += Self.audioInterval
            if isMicrophoneOn {
                sentAudio += 1
                let frame = EncodedFrame(
                    // An Opus packet of 20 ms (RFC 6716 §3.1) of 100 bytes.
                    codec: .opus, bytes: [0x78] + [UInt8](repeating: 7, count: 99), isKeyframe: true,
                    timestamp: audioTimestamp, captureTime: now)
                sender.engine.send(
                    frame, on: Self.audio, audioLevel: AudioLevel(level: 30, isVoice: true), at: now)
                drainSender()
            }
            audioTimestamp &+= 960
        }
    }

    private func drainSender() {
        let before = sender.link.sentCount
        while let event = sender.nextEvent(at: now) {
            switch consume event {
            case .keyframeRequested:
                keyframeRequestCount += 1
                pictures.requestKeyframe()
            case .transportFeedback(let feedback, at: _):
                feedbackCount += 1
                feedbackPacketCount += feedback.packets.count
            case .bandwidthEstimate(let bitrate): follow(bitrate)
            default: break
            }
        }
        largestBurst = max(largestBurst, sender.link.sentCount - before)
    }

    /// The encoder aims at what is left beside the sound.
    private func follow(_ estimate: Bitrate) {
        estimates.append((now, estimate))
        guard let followedBitrate else { return }
        // Sound takes 68 kbit/s with its headers, headers take 6 % of the pictures.
        let left = Bitrate(bitsPerSecond: estimate.bitsPerSecond - 68_000) * 0.94
        pictures.follow(max(.kilobits(30), min(followedBitrate, left)), interval: Self.videoInterval)
        sender.engine.update(videoBitrate: pictures.bitrate(interval: Self.videoInterval))
    }

    private func drainReceiver() {
        while let event = receiver.nextEvent(at: now) { audience.receive(event, at: now) }
    }
}

extension SimulatedCall {
    /// Both sides begin with the keys a handshake would have given them.
    private func secure() throws {
        let first = SRTPKeys.Master(key: Array(1...16), salt: Array(1...12))
        let second = SRTPKeys.Master(key: Array(21...36), salt: Array(21...32))
        guard let ours = SRTPKeys(profile: .aes128GCM, local: first, remote: second),
            let theirs = SRTPKeys(profile: .aes128GCM, local: second, remote: first)
        else { return }
        try sender.engine.secure(ours, at: now)
        try receiver.engine.secure(theirs, at: now)
    }

    private func negotiate(_ options: Options) {
        var extensions = HeaderExtensionMap([.transportSequence: 3, .absoluteSendTime: 2, .audioLevel: 1])
        if !options.declaresSources { extensions[.mid] = 4 }
        var sound = SimulatedSection.sound(
            Self.audio, feedback: ["nack", "transport-cc"], extensions: extensions)
        sound.declaresSources = options.declaresSources
        sender.offer(sound, to: &receiver, at: now)
        var pictures = SimulatedSection.pictures(
            Self.video, feedback: ["nack", "nack pli", "ccm fir", "transport-cc"], extensions: extensions)
        pictures.declaresSources = options.declaresSources
        if !options.hasRetransmissionStream { pictures.repeats = nil }
        sender.offer(pictures, to: &receiver, at: now)
    }
}
