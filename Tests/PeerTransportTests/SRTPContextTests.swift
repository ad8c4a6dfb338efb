import MediaCore
import PeerTransport
import TestSupport
import Testing

@Suite("SRTP")
struct SRTPContextTests {
    private let feedback: [UInt8] = [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]

    @Test("RTP comes back as it was, and is not readable on the way", arguments: SRTPProfile.allCases)
    func rtpRoundTrip(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let plain = rtpPacket(sequence: 1, payload: Array(repeating: 0x5A, count: 1_200))
        let wire = try #require(pair.protect(plain))
        #expect(wire.count == plain.count + profile.tagLength)
        #expect(wire.prefix(12) == plain.prefix(12))
        #expect(wire[12..<32] != plain[12..<32])
        #expect(pair.unprotect(wire) == plain)
    }

    @Test("RTCP comes back as it was", arguments: SRTPProfile.allCases)
    func rtcpRoundTrip(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let wire = try #require(pair.protectRTCP(feedback))
        #expect(wire.count == feedback.count + profile.tagLength + 4)
        #expect(pair.unprotectRTCP(wire) == feedback)
    }

    @Test(
        "the rollover counter follows the sequence number through its wrap", arguments: SRTPProfile.allCases)
    func wrap(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        for index in 65_000..<(65_536 * 2 + 300) where index % 50 == 0 || (65_520...65_560).contains(index) {
            let plain = rtpPacket(sequence: UInt16(truncatingIfNeeded: index), payload: [1, 2, 3])
            let wire = try #require(pair.protect(plain))
            #expect(pair.unprotect(wire) == plain)
        }
        #expect(pair.received.total == 0)
    }

    @Test("packets that overtake each other around the wrap still open", arguments: SRTPProfile.allCases)
    func reorderedWrap(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let wire = try ([65_533, 65_534, 65_535, 0, 1, 2] as [UInt16]).map {
            try #require(pair.protect(rtpPacket(sequence: $0, payload: [9])))
        }
        for index in [0, 3, 1, 5, 2, 4] { #expect(pair.unprotect(wire[index]) != nil) }
    }

    @Test("one flipped bit anywhere drops the packet", arguments: SRTPProfile.allCases)
    func flippedBit(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let wire = try #require(pair.protect(rtpPacket(sequence: 5, payload: Array(0..<40))))
        for index in wire.indices {
            var bad = wire
            bad[index] ^= 0x10
            #expect(pair.unprotect(bad) == nil)
        }
        #expect(pair.received.unauthentic > 40)
        #expect(pair.unprotect(wire) != nil)
    }

    @Test("a replayed packet is dropped, a repeated transmission is allowed", arguments: SRTPProfile.allCases)
    func replay(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let plain = rtpPacket(sequence: 5, payload: [1, 2, 3])
        let (first, second) = (try #require(pair.protect(plain)), try #require(pair.protect(plain)))
        #expect(first == second)
        #expect(pair.unprotect(first) == plain)
        #expect(pair.unprotect(second) == nil)
        #expect(pair.received.replayed == 1)
    }

    @Test("each direction has its own key", arguments: SRTPProfile.allCases)
    func directions(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        let wire = try #require(pair.protect(rtpPacket(sequence: 1, payload: [1, 2, 3])))
        #expect(pair.unprotectAtSender(wire) == nil)
        #expect(pair.sent.unauthentic == 1)
    }

    @Test("packets too short or too long are refused and counted")
    func sizes() throws {
        let pair = try SRTPPair(.aes128GCM)
        for count in [0, 1, 7] {
            let short = [UInt8](repeating: 0x80, count: count)
            #expect(pair.protect(short) == nil)
            #expect(pair.protectRTCP(short) == nil)
            #expect(pair.unprotect(short) == nil)
            #expect(pair.unprotectRTCP(short) == nil)
        }
        #expect(pair.protect(rtpPacket(sequence: 1, payload: Array(repeating: 0, count: 1_600))) == nil)
        #expect(pair.sent.malformed == 7)
        #expect(pair.received.malformed == 6)
    }

    @Test("keys of the wrong length are refused, and keys are never printed")
    func keys() throws {
        let master = SRTPKeys.Master(
            key: Array(repeating: 171, count: 16), salt: Array(repeating: 172, count: 12))
        #expect(SRTPKeys(profile: .aes128CounterSHA1, local: master, remote: master) == nil)
        let keys = try #require(SRTPKeys(profile: .aes128GCM, local: master, remote: master))
        #expect(!"\(keys)".contains("171"))
    }

    @Test("10,000 changed packets are refused", arguments: SRTPProfile.allCases)
    func mutations(_ profile: SRTPProfile) throws {
        let pair = try SRTPPair(profile)
        var random = SeededGenerator(seed: 7)
        let rtp = try #require(pair.protect(rtpPacket(sequence: 5, payload: Array(0..<100))))
        let rtcp = try #require(pair.protectRTCP(feedback))
        for _ in 0..<5_000 {
            let (badRTP, badRTCP) = (rtp.damaged(using: &random), rtcp.damaged(using: &random))
            if badRTP != rtp, pair.unprotect(badRTP) != nil { Issue.record("accepted \(badRTP)") }
            if badRTCP != rtcp, pair.unprotectRTCP(badRTCP) != nil { Issue.record("accepted \(badRTCP)") }
        }
        #expect(pair.unprotect(rtp) != nil)
        #expect(pair.unprotectRTCP(rtcp) == feedback)
    }
}
