import MediaCore
import PeerConnection
import RTP
import Testing

struct SDPParserTests {
    @Test(arguments: RecordedDescriptions.names)
    func aWrittenDescriptionReadsAsTheSameValue(name: String) throws {
        let session = try SessionDescription(parsing: RecordedDescriptions.text(name))
        #expect(!session.media.isEmpty)
        #expect(try SessionDescription(parsing: session.string) == session)
    }

    @Test func sectionsKeepTheirOrderNamesAndDirections() throws {
        let session = try recorded("participant-simulcast-offer")
        #expect(session.bundle == ["0", "1", "2", "3", "4", "5", "6", "7", "8"])
        #expect(session.media.map(\.mid) == session.bundle)
        let kinds: [MediaKind?] = [
            .audio, .audio, .audio, .video, .video, .video, .application, .audio, .video,
        ]
        #expect(session.media.map(\.kind) == kinds)
        #expect(session.media[0].direction == .recvonly)
        #expect(session.media[7].direction == .sendonly)
        #expect(session.mixesExtensions)
    }

    @Test func payloadTypesJoinTheirThreeKindsOfLines() throws {
        let video = try recorded("participant-first-offer").media[3]
        let vp8 = try #require(video.codecs.first)
        #expect(vp8.codec == .vp8)
        #expect(vp8.payloadType == PayloadType(96))
        #expect(vp8.feedback == ["goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"])
        #expect(video.retransmission(of: vp8.payloadType)?.payloadType == PayloadType(97))
        let h264 = try #require(video.codecs.first { $0.payloadType == PayloadType(109) })
        #expect(h264.parameter("profile-level-id") == "42e01f")
        #expect(h264.parameter("packetization-mode") == "1")
    }

    @Test func simulcastLayersAreReadByName() throws {
        let sent = try recorded("publisher-offer").media[2]
        #expect(sent.simulcastSend == ["f", "h", "q"])
        #expect(sent.rids == ["f", "h", "q"].map { RestrictionID($0, isSent: true) })
        #expect(try recorded("publisher-answer").media[2].simulcastReceive == ["f", "h", "q"])
    }

    @Test func sourcesAndStreamsAreRead() throws {
        let audio = try recorded("subscriber-offer").media[1]
        let source = try #require(audio.sources.first)
        #expect(source.ssrc == SSRC(2_060_817_279))
        #expect(source.cname == "PA_GsKJar6xPzk6|TR_AMGLeDmEcwJ2Zn")
        #expect(audio.streams.first?.stream == "PA_GsKJar6xPzk6|TR_AMGLeDmEcwJ2Zn")
        #expect(audio.streams.first?.track == "TR_AMGLeDmEcwJ2Zn")
        let video = try recorded("subscriber-offer").media[2]
        let main = try #require(video.sources.first?.ssrc)
        #expect(video.retransmissionSource(of: main) == video.sources.last?.ssrc)
    }

    @Test func theFingerprintOfTheSessionHoldsForItsSections() throws {
        let shared = try recorded("publisher-answer").sharedParameters
        #expect(shared.fingerprints.count == 1)
        #expect(shared.setup == .active)
        #expect(shared.credentials?.username == "IqMEouLSIlUdyaqo")
        #expect(shared.candidates.count == 4)
        #expect(shared.hasAllCandidates)
    }

    @Test func dataSectionsHaveAPortAndALimit() throws {
        let data = try #require(try recorded("room-first-answer").media.first { $0.kind == .application })
        #expect(data.sctpPort == 5_000)
        #expect(data.maximumMessageSize == 65_535)
    }

    @Test(arguments: ["", "m=audio 9 UDP 0", "v=1"])
    func textWithoutAVersionIsRefused(text: String) {
        #expect(throws: SDPError.noVersion) { try SessionDescription(parsing: text) }
    }

    @Test func aBrokenMediaLineIsRefused() {
        #expect(throws: SDPError.malformedLine("m=audio")) {
            try SessionDescription(parsing: "v=0\r\nm=audio\r\n")
        }
    }

    @Test func anEndlessDescriptionIsRefused() {
        let text = "v=0\r\n" + String(repeating: "a=x\r\n", count: 300_000)
        #expect(throws: SDPError.tooLarge) { try SessionDescription(parsing: text) }
    }

    @Test func garbageNeverTraps() throws {
        var random = SeededGenerator(seed: 11)
        let originals = try RecordedDescriptions.names.map {
            Array(try RecordedDescriptions.text($0).utf8.prefix(2_500))
        }
        var readable = 0
        for round in 0..<10_000 {
            var bytes = originals[round % originals.count]
            for _ in 0..<Int.random(in: 1...8, using: &random) { bytes.mutate(using: &random) }
            if let session = try? SessionDescription(parsing: String(decoding: bytes, as: UTF8.self)) {
                readable += 1
                _ = session.sharedParameters
                _ = session.string
            }
        }
        #expect(readable > 1_000)
    }

    private func recorded(_ name: String) throws -> SessionDescription {
        try SessionDescription(parsing: RecordedDescriptions.text(name))
    }
}

extension [UInt8] {
    /// Changes, drops, doubles or cuts something.
    mutating func mutate(using random: inout some RandomNumberGenerator) {
        guard !isEmpty else { return }
        let index = Int.random(in: indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: self[index] = UInt8.random(in: .min ... .max, using: &random)
        case 1: remove(at: index)
        case 2: insert(UInt8.random(in: 32...126, using: &random), at: index)
        case 3: removeSubrange(index..<Swift.min(count, index + 20))
        default: insert(contentsOf: self[index..<Swift.min(count, index + 40)], at: index)
        }
    }
}
