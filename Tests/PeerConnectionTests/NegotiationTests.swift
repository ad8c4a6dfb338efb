import MediaCore
import PeerConnection
import PeerTransport
import RTP
import Testing

struct NegotiationTests {
    @Test func aParticipantOffersDataAndPlaceholders() throws {
        var participant = Negotiation.participant()
        let offer = try participant.createOffer(.sample("aaaa"))
        #expect(offer.media.map(\.mid) == ["0", "1", "2", "3", "4", "5", "6"])
        #expect(offer.bundle == offer.media.map(\.mid))
        #expect(offer.media[0].kind == .application)
        #expect(
            offer.media[1...].allSatisfy { $0.direction == .recvonly && $0.multiplexesRTCP && $0.reducesRTCP }
        )
        #expect(offer.media.allSatisfy { $0.parameters.setup == .actpass })
        #expect(offer.media[4].codecs.map(\.payloadType.value).prefix(4) == [96, 97, 98, 99])
        #expect(try SessionDescription(parsing: offer.string) == offer)
    }

    @Test func aRoomAnswersThePlaceholdersOfAParticipant() throws {
        var participant = Negotiation.participant()
        var room = Negotiation(mode: .packets, sessionID: 2)
        let offer = try participant.createOffer(.sample("aaaa"))
        let sections = try room.setRemoteOffer(offer)
        let track = LocalMedia.make(streamID: "PA_1|TR_1", trackID: "TR_1", cname: "PA_1")
        room.setSending(track, codecs: [], on: sections[4].mid)
        let answer = try room.createAnswer(.sample("bbbb"))
        try participant.acceptAnswer(SessionDescription(parsing: answer.string))

        #expect(
            answer.media.map(\.direction)[1...] == [
                .inactive, .inactive, .inactive, .sendonly, .inactive, .inactive,
            ])
        #expect(participant.sections[4].currentDirection == .recvonly)
        #expect(participant.remoteSections[4].stream == MediaStreamID(stream: "PA_1|TR_1", track: "TR_1"))
        #expect(participant.remoteSections[4].sources.map(\.ssrc) == [track.ssrc, track.rtxSSRC])
        #expect(participant.dtlsRole == .server)
        #expect(room.dtlsRole == .client)
        #expect(participant.remoteParameters?.credentials?.username == "bbbb")
    }

    @Test func whoReceivesOneCodecOfPicturesOffersAndAnswersNoOther() throws {
        var participant = Negotiation(mode: .frames, sessionID: 1, receivedVideo: [.vp8])
        _ = participant.addSection(.video, .recvonly)
        _ = participant.addSection(.audio, .recvonly)
        let offer = try participant.createOffer(.sample("aaaa"))
        #expect(offer.media.map { $0.codecs.map(\.name) } == [["VP8", "rtx"], ["opus", "red"]])

        var room = Negotiation(mode: .packets, sessionID: 2)
        let track = LocalMedia.make(streamID: "PA_1|TR_1", trackID: "TR_1", cname: "PA_1")
        _ = room.addSection(.video, .sendonly, sending: track)
        var answering = Negotiation(mode: .frames, sessionID: 1, receivedVideo: [.vp8])
        _ = try answering.setRemoteOffer(try room.createOffer(.sample("bbbb")))
        let answer = try answering.createAnswer(.sample("aaaa"))
        #expect(answer.media.map { $0.codecs.map(\.name) } == [["VP8", "rtx"]])
    }

    @Test func aRoomAnswersARecordedPublisherLikeTheReferenceServer() throws {
        var room = Negotiation(mode: .packets, sessionID: 2)
        _ = try room.setRemoteOffer(SessionDescription(parsing: RecordedDescriptions.text("publisher-offer")))
        let answer = try room.createAnswer(.sample("bbbb"))
        let reference = try SessionDescription(parsing: RecordedDescriptions.text("publisher-answer"))
        #expect(answer.bundle == reference.bundle)
        #expect(answer.media.map(\.direction)[1...] == [.recvonly, .recvonly])
        #expect(answer.media[2].rids == reference.media[2].rids)
        #expect(answer.media[2].simulcastReceive == reference.media[2].simulcastReceive)
        #expect(Set(answer.media[2].extensions).isSuperset(of: reference.media[2].extensions))
        #expect(answer.media[1].codecs.map(\.payloadType.value).sorted() == [63, 111])
        #expect(answer.media[2].codecs.map(\.name) == ["VP8"])
        #expect(answer.media[0].parameters.setup == .active)
    }

    @Test("a room asks a recorded publisher for copies and pauses in the words of the reference server")
    func soundTerms() throws {
        var room = Negotiation(mode: .packets, sessionID: 2)
        let offer = try SessionDescription(parsing: RecordedDescriptions.text("publisher-offer"))
        let sections = try room.setRemoteOffer(offer)
        room.setSoundTerms(
            SoundTerms(isRedundant: true, hasPauses: true, isStereo: false), on: sections[1].mid)
        let sound = try room.createAnswer(.sample("bbbb")).media[1].codecs
        let reference = try SessionDescription(parsing: RecordedDescriptions.text("publisher-answer"))
            .media[1].codecs.filter { $0.isNamed("red") || $0.codec == .opus }
        #expect(sound.map(\.payloadType) == reference.map(\.payloadType))
        #expect(sound.map(\.format) == reference.map(\.format))
    }

    @Test("a publisher in stereo that wants neither copies nor pauses gets what it wants")
    func plainSoundTerms() {
        let terms = SoundTerms(isRedundant: false, hasPauses: false, isStereo: true)
        let codecs = terms.applied(to: [
            CodecDescription(PayloadType(63), "red", clockRate: 48_000, channels: 2, format: "111/111"),
            CodecDescription(PayloadType(111), "opus", clockRate: 48_000, channels: 2),
        ])
        #expect(codecs.map(\.name) == ["opus", "red"])
        #expect(codecs.map(\.format) == ["stereo=1;maxaveragebitrate=510000", "111/111"])
    }

    @Test(
        "sound with copies is offered first, and sent when the room keeps that order",
        arguments: [true, false])
    func redundantSound(isRedundant: Bool) throws {
        var publisher = Negotiation(mode: .frames, sessionID: 1)
        var room = Negotiation(mode: .packets, sessionID: 2)
        var sound = LocalMedia.make(streamID: "camera", trackID: "TR_1", cname: "PA_1")
        sound.isRedundant = isRedundant
        _ = publisher.addSection(.audio, .sendonly, sending: sound, codecs: [.opus])
        _ = try room.setRemoteOffer(
            SessionDescription(parsing: publisher.createOffer(.sample("aaaa")).string))
        try publisher.acceptAnswer(SessionDescription(parsing: room.createAnswer(.sample("bbbb")).string))
        #expect(
            publisher.sections[0].sendDescription?.codecs.map(\.name)
                == (isRedundant ? ["red", "opus"] : ["opus"]))
    }

    @Test("the dependency descriptor is offered where VP9 is sent, and nowhere else")
    func dependencyDescriptor() throws {
        var publisher = Negotiation(mode: .frames, sessionID: 1)
        var room = Negotiation(mode: .packets, sessionID: 2)
        let codecs: [MediaCodec] = [.vp9, .vp8, .av1]
        for codec in codecs {
            let track = LocalMedia.make(streamID: "camera", trackID: codec.rawValue, cname: "PA_1")
            _ = publisher.addSection(.video, .sendonly, sending: track, codecs: [codec])
        }
        _ = publisher.addSection(.video, .recvonly, sending: nil, codecs: [])
        let offer = try publisher.createOffer(.sample("aaaa"))
        let uri = HeaderExtensionKind.dependencyDescriptor.uri
        #expect(
            offer.media.map { $0.extensions.contains { $0.uri == uri } } == [true, false, false, false])
        _ = try room.setRemoteOffer(SessionDescription(parsing: offer.string))
        try publisher.acceptAnswer(SessionDescription(parsing: room.createAnswer(.sample("bbbb")).string))
        let maps = publisher.sections.prefix(3).map { $0.sendDescription?.extensions[.dependencyDescriptor] }
        #expect(maps == [12, nil, nil])
    }

    @Test func aRoomTakesEveryCodecOfARecordedParticipant() throws {
        var room = Negotiation(mode: .packets, sessionID: 2)
        let offer = try SessionDescription(parsing: RecordedDescriptions.text("participant-first-offer"))
        let sections = try room.setRemoteOffer(offer)
        let track = LocalMedia.make(streamID: "PA_1|TR_1", trackID: "TR_1", cname: "PA_1")
        room.setSending(track, codecs: [], on: sections[3].mid)
        let video = try room.createAnswer(.sample("bbbb")).media[3]
        #expect(video.codecs.first?.payloadType == PayloadType(96))
        #expect(Set(video.codecs.compactMap(\.codec)) == [.vp8, .vp9, .h264, .av1])
        for codec in video.codecs where codec.codec != nil {
            #expect(video.retransmission(of: codec.payloadType) != nil)
        }
        #expect(video.codecs.filter { $0.codec == .h264 }.count >= 4)
    }

    @Test func aSubscriberAnswersARecordedRoom() throws {
        var subscriber = Negotiation(mode: .frames, sessionID: 3)
        let offer = try SessionDescription(parsing: RecordedDescriptions.text("subscriber-offer"))
        _ = try subscriber.setRemoteOffer(offer)
        let answer = try subscriber.createAnswer(.sample("cccc"))
        #expect(answer.media.map(\.direction)[1...] == [.recvonly, .recvonly])
        #expect(answer.media[1].codecs.map(\.payloadType.value) == [111, 63])
        #expect(answer.media[2].codecs.first?.feedback == ["ccm fir", "nack", "nack pli", "goog-remb"])
        #expect(subscriber.sections[1].receivingCodecs.first?.codec == .opus)
        #expect(subscriber.sections[2].extensionMap[.absoluteSendTime] == 3)
        #expect(subscriber.dtlsRole == .client)
    }

    @Test func aPublisherTakesARecordedAnswer() throws {
        var publisher = Negotiation(mode: .frames, sessionID: 4)
        publisher.addDataSection()
        let audio = publisher.addSection(
            .audio, .sendonly, sending: .make(streamID: "s", trackID: "a", cname: "c"))
        let media = LocalMedia.make(streamID: "s", trackID: "v", cname: "c", rids: ["f", "h", "q"])
        let video = publisher.addSection(.video, .sendonly, sending: media)
        let offer = try publisher.createOffer(.sample("dddd"))
        #expect(offer.media[1].sources.count == 1)
        #expect(offer.media[2].simulcastSend == ["f", "h", "q"])
        try publisher.acceptAnswer(SessionDescription(parsing: RecordedDescriptions.text("publisher-answer")))
        #expect(publisher.section(audio)?.sendingCodecs.map(\.name) == ["opus"])
        #expect(publisher.section(video)?.sendingCodecs.map(\.name) == ["VP8"])
        #expect(publisher.section(video)?.acceptedLayers == media.layers)
        #expect(publisher.section(video)?.currentDirection == .sendonly)
    }

    @Test func anUnusedSectionBecomesInactiveAndIsUsedAgain() throws {
        var room = Negotiation(mode: .packets, sessionID: 5)
        var subscriber = Negotiation(mode: .frames, sessionID: 6)
        let mid = room.addSection(
            .video, .sendonly, sending: .make(streamID: "PA_1|TR_1", trackID: "TR_1", cname: "x"))
        try exchange(from: &room, to: &subscriber)
        #expect(subscriber.sections[0].currentDirection == .recvonly)
        room.setSending(nil, codecs: [], on: mid)
        try exchange(from: &room, to: &subscriber)
        #expect(subscriber.sections[0].currentDirection == .inactive)
        room.setSending(.make(streamID: "PA_2|TR_2", trackID: "TR_2", cname: "y"), codecs: [], on: mid)
        try exchange(from: &room, to: &subscriber)
        #expect(subscriber.sections[0].currentDirection == .recvonly)
        #expect(subscriber.remoteSections.map(\.stream?.track) == ["TR_2"])
        #expect(room.sections.count == 1)
    }

    @Test func laterOffersKeepNamesNumbersAndRoles() throws {
        var participant = Negotiation.participant()
        var room = Negotiation(mode: .packets, sessionID: 2)
        try exchange(from: &participant, to: &room)
        let first = try #require(participant.sections[4].local)
        let added = participant.addSection(
            .video, .sendonly, sending: .make(streamID: "s", trackID: "t", cname: "c"))
        try exchange(from: &participant, to: &room)
        #expect(participant.sections.map(\.mid.value) == ["0", "1", "2", "3", "4", "5", "6", added.value])
        #expect(participant.sections[4].local?.codecs == first.codecs)
        #expect(room.section(added)?.currentDirection == .recvonly)
        #expect(participant.dtlsRole == .server && room.dtlsRole == .client)
    }

    @Test func unknownMediaIsRejectedInItsPlace() throws {
        var room = Negotiation(mode: .packets, sessionID: 2)
        var text = try RecordedDescriptions.text("publisher-offer")
        text += "m=text 9 UDP/TLS/RTP/SAVPF 100\r\na=mid:9\r\na=rtpmap:100 t140/1000\r\n"
        text = text.replacing("a=group:BUNDLE 0 1 2", with: "a=group:BUNDLE 0 1 2 9")
        _ = try room.setRemoteOffer(SessionDescription(parsing: text))
        let answer = try room.createAnswer(.sample("bbbb"))
        #expect(answer.media.map(\.port) == [9, 9, 9, 0])
        #expect(answer.bundle == ["0", "1", "2"])
    }

    @Test func stepsOutOfOrderAreRefusedAndChangeNothing() throws {
        var participant = Negotiation.participant()
        let answer = try SessionDescription(parsing: RecordedDescriptions.text("publisher-answer"))
        #expect(throws: NegotiationError.wrongState(.stable)) { try participant.acceptAnswer(answer) }
        _ = try participant.createOffer(.sample("aaaa"))
        #expect(throws: NegotiationError.sectionsDiffer) { try participant.acceptAnswer(answer) }
        #expect(throws: NegotiationError.wrongState(.haveLocalOffer)) {
            try participant.setRemoteOffer(answer)
        }
        #expect(participant.state == .haveLocalOffer)
    }

    @Test func anOfferWithoutATransportIsRefused() throws {
        var room = Negotiation(mode: .packets, sessionID: 2)
        var offer = try SessionDescription(parsing: RecordedDescriptions.text("publisher-offer"))
        for index in offer.media.indices { offer.media[index].parameters.fingerprints = [] }
        #expect(throws: NegotiationError.noTransport) { try room.setRemoteOffer(offer) }
    }

    private func exchange(from offerer: inout Negotiation, to answerer: inout Negotiation) throws {
        let offer = try offerer.createOffer(.sample("aaaa"))
        _ = try answerer.setRemoteOffer(SessionDescription(parsing: offer.string))
        let answer = try answerer.createAnswer(.sample("bbbb"))
        try offerer.acceptAnswer(SessionDescription(parsing: answer.string))
    }
}

extension Negotiation {
    /// A client with one connection: data, and three places each for sound and pictures of others.
    fileprivate static func participant() -> Negotiation {
        var machine = Negotiation(mode: .frames, sessionID: 1)
        machine.addDataSection()
        for _ in 0..<3 { _ = machine.addSection(.audio, .recvonly) }
        for _ in 0..<3 { _ = machine.addSection(.video, .recvonly) }
        return machine
    }
}

extension TransportParameters {
    fileprivate static func sample(_ username: String) -> TransportParameters {
        var parameters = TransportParameters()
        parameters.credentials = ICECredentials(username: username, password: "0123456789012345678901")
        parameters.fingerprints = Fingerprint(algorithm: .sha256, bytes: Array(0..<32)).map { [$0] } ?? []
        parameters.candidates = ["candidate:1 1 udp 2122194687 192.0.2.2 36905 typ host"]
        parameters.trickles = true
        return parameters
    }
}
