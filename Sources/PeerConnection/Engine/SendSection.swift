import MediaCore
import RTP

/// One media section that sends: what was negotiated, and its streams.
struct SendSection: Sendable {
    /// One stream of the section.
    struct Encoding: Sendable {
        var stream: SendStream
        /// Made when the codec of the first picture is known.
        private var packetizer: VideoPacketizer?
        private let firstPictureID: UInt16
        /// Says what the frames of VP9 depend on.
        private var dependencies: DependencyDescriptorWriter
        let rid: String?
        /// Adds copies to packets of sound, if the receiver takes them.
        var redundancy: REDPacketizer?
        /// The payload type of sound with copies.
        var redundancyType = PayloadType(0)
        /// How much of the stream gets lost.
        var loss = LossExpectation()
        /// The loss in percent that the encoder was told to prepare for.
        var toldLoss = 0
        /// Whether a picture was left out, so that those that build on it are useless.
        var isWaitingForKeyframe = false
        /// Packets before this one are not repeated any more.
        private var givenUp: (before: UInt16, time: MonotonicTime)?
        /// Used again for each packet.
        var scratch: [UInt8] = []

        init(stream: SendStream, firstPictureID: UInt16, rid: String?) {
            self.stream = stream
            self.firstPictureID = firstPictureID
            dependencies = DependencyDescriptorWriter(frameNumber: firstPictureID)
            self.rid = rid
        }

        /// Whether a packet is not worth repeating any more.
        func isGivenUp(_ sequence: UInt16, at now: MonotonicTime) -> Bool {
            guard let givenUp, now - givenUp.time < SendSection.giveUpMemory else { return false }
            return Int16(bitPattern: sequence &- givenUp.before) < 0
        }

        /// Gives up what was sent until now; answers whether that is worth a key frame.
        mutating func giveUp(at now: MonotonicTime) -> Bool {
            if let givenUp, now - givenUp.time < SendSection.giveUpPause { return false }
            givenUp = (stream.nextSequence, now)
            return true
        }

        /// Cuts a picture into packets; each is reported with its number and its size with headers.
        mutating func append(
            _ frame: EncodedFrame, payloadType: PayloadType, maximumPayload: Int,
            _ report: (_ sequence: UInt16, _ byteCount: Int) -> Void
        ) {
            stream.reporter.captured(frame.timestamp, at: frame.captureTime)
            if packetizer?.codec != frame.codec {
                packetizer = VideoPacketizer(frame.codec, pictureID: firstPictureID)
            }
            let isDescribed =
                frame.codec == .vp9 && stream.configuration.extensions[.dependencyDescriptor] != nil
            let maximumPayload = maximumPayload - (isDescribed ? dependencies.begin(frame) : 0)
            // Both moved out and back, so that packets can be added while it cuts.
            guard var cutter = packetizer.take() else { return }
            var prefixes = scratch
            scratch = []
            cutter.packetize(frame, maximumPayload: maximumPayload, prefix: &prefixes) {
                prefix, range, marker in
                if isDescribed { dependencies.describe(range) }
                let descriptor = isDescribed ? dependencies.bytes : []
                let sequence = stream.append(
                    prefix: prefix.span, payload: frame.bytes.span.extracting(range), marker: marker,
                    timestamp: frame.timestamp, payloadType: payloadType, dependencies: descriptor.span)
                report(sequence, descriptor.count + prefix.count + range.count + SendSection.headerBytes)
            }
            packetizer = cutter
            scratch = prefixes
        }
    }

    /// What a packet carries besides its payload, about: header, extensions, authentication.
    static let headerBytes = 40
    /// A key frame is on its way: giving up once more would only cost another.
    private static let giveUpPause: Duration = .seconds(1)
    /// Later nobody asks for those packets any more, and their numbers come again.
    private static let giveUpMemory: Duration = .seconds(5)

    let mid: MediaID
    /// `nil` while the section does not send.
    private(set) var description: SendDescription?
    var encodings: [Encoding] = []
    /// Whether the packets are somebody else's.
    var isForwarding = false

    init(mid: MediaID) {
        self.mid = mid
    }

    /// Adopts what was negotiated; streams whose sources stay go on where they are.
    mutating func update(
        _ description: SendDescription?, firstSequence: UInt16?, using generator: inout SeededGenerator
    ) {
        self.description = description
        guard let description else {
            encodings = []
            return
        }
        var old = encodings
        encodings = description.encodings.map { encoding in
            let configuration = makeConfiguration(encoding, of: description)
            if let index = old.firstIndex(where: { $0.stream.configuration.ssrc == encoding.ssrc }) {
                var kept = old.remove(at: index)
                kept.stream.update(configuration)
                kept.updateRedundancy(description)
                return kept
            }
            var new = Encoding(
                stream: SendStream(
                    configuration,
                    firstSequence: firstSequence ?? UInt16.random(in: 0...32_767, using: &generator),
                    firstRepeatSequence: UInt16.random(in: 0...32_767, using: &generator)),
                firstPictureID: UInt16.random(in: 0...0x7FFF, using: &generator),
                rid: encoding.rid)
            new.updateRedundancy(description)
            return new
        }
    }

    /// Index of the stream with this source.
    func encoding(_ ssrc: SSRC) -> Int? {
        encodings.firstIndex { $0.stream.configuration.ssrc == ssrc }
    }

    /// Lets a caller change one stream in place.
    mutating func withEncoding<R>(_ index: Int, _ body: (inout Encoding) -> R) -> R? {
        guard encodings.indices.contains(index) else { return nil }
        return body(&encodings[index])
    }

    /// The payload type of a codec in this section.
    func payloadType(of codec: MediaCodec) -> PayloadType? {
        description?.codecs.first { $0.codec == codec }?.payloadType
    }

    private func makeConfiguration(
        _ encoding: SendDescription.Encoding, of description: SendDescription
    ) -> SendStream.Configuration {
        let repeats = description.codecs.compactMap { codec in
            codec.repairedPayloadType.map { (original: $0, repeated: codec.payloadType) }
        }
        return SendStream.Configuration(
            ssrc: encoding.ssrc, retransmissionSSRC: encoding.retransmissionSSRC,
            retransmissionTypes: repeats,
            clockRate: description.kind == .audio ? 48_000 : 90_000, extensions: description.extensions,
            mid: ShortText(mid.value), rid: encoding.rid.flatMap { ShortText($0) },
            cacheCapacity: description.kind == .audio ? 128 : 512)
    }
}
