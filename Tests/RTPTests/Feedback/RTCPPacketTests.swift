import MediaCore
import Testing

@testable import RTP

@Suite("RTCP packets")
struct RTCPPacketTests {
    static let block = ReportBlock(
        ssrc: SSRC(0x1111_1111), fractionLost: 64, cumulativeLost: -3, highestSequence: 0x0001_FFFF,
        jitter: 90,
        lastSenderReport: 0xAABB_CCDD, delaySinceLastSenderReport: 65_536)

    /// One of each kind, with what is easy to get wrong: odd lengths, negative numbers, several elements.
    static let examples: [RTCPPacket] = [
        .senderReport(
            SenderReport(
                ssrc: SSRC(1), ntp: NTPTime(value: 0x0123_4567_89AB_CDEF), timestamp: 90_000, packetCount: 3,
                octetCount: 3_000, blocks: [block, block])),
        .receiverReport(ReceiverReport(ssrc: SSRC(2))),
        .receiverReport(ReceiverReport(ssrc: SSRC(2), blocks: [block])),
        .sourceDescription(
            SourceDescription(chunks: [
                .init(ssrc: SSRC(3), cname: "abc"), .init(ssrc: SSRC(4), cname: "abcdef"),
            ])),
        .goodbye([SSRC(5), SSRC(6)]),
        .nack(NackFeedback(sender: SSRC(7), media: SSRC(8), lost: [65_534, 65_535, 0, 14, 15, 100])),
        .pli(PictureLossIndication(sender: SSRC(9), media: SSRC(10))),
        .fir(
            FullIntraRequest(
                sender: SSRC(11),
                entries: [.init(media: SSRC(12), sequence: 255), .init(media: SSRC(13), sequence: 0)])
        ),
        .transportFeedback(
            TransportFeedback(
                sender: SSRC(14), media: SSRC(15), feedbackCount: 255, baseSequence: 65_535,
                referenceTime: -1,
                packets: [
                    .received(delta250us: 0), .notReceived, .received(delta250us: 256),
                    .received(delta250us: -4),
                ])
        ),
        .remb(
            ReceiverEstimatedMaximumBitrate(
                sender: SSRC(16), bitrate: .kilobits(2_500), ssrcs: [SSRC(17), SSRC(18)])),
        .extendedReport(
            ExtendedReport(
                ssrc: SSRC(19), referenceTime: NTPTime(value: 77),
                delays: [.init(ssrc: SSRC(20), lastReceiverReport: 5, delay: 6)])),
    ]

    @Test("every packet comes back as it was written", arguments: examples)
    func roundTrip(packet: RTCPPacket) {
        #expect(packet.bytes.count % 4 == 0)
        #expect(RTCPPacket.parseCompound(packet.bytes) == [packet])
    }

    @Test("a datagram of all kinds is read in order")
    func compound() {
        #expect(RTCPPacket.parseCompound(Self.examples.flatMap(\.bytes)) == Self.examples)
    }

    @Test("reports have the bytes of RFC 3550")
    func reportBytes() {
        let report = ReceiverReport(ssrc: SSRC(0x0A0B_0C0D), blocks: [Self.block])
        #expect(
            RTCPPacket.receiverReport(report).bytes == [
                0x81, 201, 0, 7, 0x0A, 0x0B, 0x0C, 0x0D, 0x11, 0x11, 0x11, 0x11, 64, 0xFF, 0xFF, 0xFD, 0, 1,
                0xFF, 0xFF,
                0, 0, 0, 90, 0xAA, 0xBB, 0xCC, 0xDD, 0, 1, 0, 0,
            ])
    }

    @Test("a request for packets is pairs of a number and a mask, also across the wrap")
    func nackBytes() {
        let feedback = NackFeedback(sender: SSRC(1), media: SSRC(2), lost: [65_535, 0, 15, 16])
        #expect(
            RTCPPacket.nack(feedback).bytes
                == [0x81, 205, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFF, 0x80, 0x01, 0, 16, 0, 0])
    }

    @Test("key frame requests have the bytes of RFC 4585 and RFC 5104")
    func keyframeRequestBytes() {
        #expect(
            RTCPPacket.pli(PictureLossIndication(sender: SSRC(1), media: SSRC(2))).bytes
                == [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2])
        let request = FullIntraRequest(sender: SSRC(1), entries: [.init(media: SSRC(2), sequence: 7)])
        #expect(
            RTCPPacket.fir(request).bytes
                == [0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 7, 0, 0, 0])
    }

    @Test(
        "the estimated bitrate has six bits of exponent and 18 of mantissa",
        arguments: [
            (0, 0, 0), (262_143, 262_143, 262_143), (262_144, 0x4_0000 | 131_072, 262_144),
            (10_000_000, 6 << 18 | 156_250, 10_000_000), (262_145, 0x4_0000 | 131_072, 262_144),
        ])
    func estimatedBitrate(rate: Int, field: UInt32, read: Int) {
        let estimate = ReceiverEstimatedMaximumBitrate(
            sender: SSRC(1), bitrate: Bitrate(bitsPerSecond: rate), ssrcs: [SSRC(2)])
        let bytes = RTCPPacket.remb(estimate).bytes
        #expect(Array(bytes[12..<16]) == Array("REMB".utf8))
        #expect(
            Array(bytes[16..<20]) == [1, UInt8(field >> 16), UInt8(field >> 8 & 0xFF), UInt8(field & 0xFF)])
        guard case .remb(let result)? = RTCPPacket.parseCompound(bytes).first else {
            return #expect(Bool(false), "not read")
        }
        #expect(result.bitrate.bitsPerSecond == read)
    }

    @Test("the largest bitrate that can be written down is cut to what cannot overflow")
    func enormousBitrate() {
        let bytes: [UInt8] = [0x8F, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 82, 69, 77, 66, 0, 0xFF, 0xFF, 0xFF]
        guard case .remb(let result)? = RTCPPacket.parseCompound(bytes).first else {
            return #expect(Bool(false), "not read")
        }
        #expect(result.bitrate.bitsPerSecond == 1 << 50)
    }

    @Test("padding is not part of the last packet")
    func padding() {
        var bytes = RTCPPacket.nack(NackFeedback(sender: SSRC(1), media: SSRC(2), lost: [3])).bytes
        bytes[0] |= 0x20
        bytes[3] += 1
        bytes += [0, 0, 0, 4]
        #expect(
            RTCPPacket.parseCompound(bytes) == [
                .nack(NackFeedback(sender: SSRC(1), media: SSRC(2), lost: [3]))
            ])
    }

    @Test("unknown packets and items are passed over")
    func unknown() {
        let application: [UInt8] = [0x83, 204, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]
        let description: [UInt8] = [0x81, 202, 0, 4, 0, 0, 0, 9, 2, 1, 65, 1, 2, 66, 67, 0, 0, 0, 0, 0]
        let pli = RTCPPacket.pli(PictureLossIndication(sender: SSRC(1), media: SSRC(2)))
        #expect(
            RTCPPacket.parseCompound(application + description + pli.bytes) == [
                .unknown(type: 204, format: 3),
                .sourceDescription(SourceDescription(chunks: [.init(ssrc: SSRC(9), cname: "BC")])), pli,
            ])
    }

    @Test("a packet that promises more than it holds is left out, and the next is read")
    func contradiction() {
        let pli = RTCPPacket.pli(PictureLossIndication(sender: SSRC(1), media: SSRC(2)))
        let report: [UInt8] = [0x82, 201, 0, 1, 0, 0, 0, 1]
        #expect(RTCPPacket.parseCompound(report + pli.bytes) == [pli])
    }

    @Test("behind a length that does not fit nothing is read", arguments: [0, 3, 4, 11])
    func cut(length: Int) {
        let pli = RTCPPacket.pli(PictureLossIndication(sender: SSRC(1), media: SSRC(2)))
        #expect(RTCPPacket.parseCompound(pli.bytes + pli.bytes.prefix(length)) == [pli])
    }

    @Test("damaged datagrams never trap, and what is read can be written")
    func mutations() {
        var mutations = Mutations(seed: 4585)
        let originals = Self.examples.map(\.bytes) + [Self.examples.flatMap(\.bytes)]
        var packets = 0
        for _ in 0..<10_000 {
            for packet in RTCPPacket.parseCompound(mutations.next(of: originals)) {
                packets += 1
                if case .unknown = packet { continue }
                guard !packet.bytes.isEmpty else { return #expect(!packet.bytes.isEmpty) }
            }
        }
        #expect(packets > 5_000)
    }
}
