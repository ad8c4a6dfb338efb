import MediaCore
import PeerConnection
import Testing

struct ICECandidateTests {
    static let lines = [
        "candidate:71731754 1 udp 2122194687 192.0.2.2 36905 typ host generation 0 network-id 1",
        "candidate:375738803 1 tcp 1671430143 127.0.0.1 17881 typ host tcptype passive ufrag nlROmvsOWfwVaAGv",
        "candidate:9 1 UDP 41885439 203.0.113.7 50000 typ relay raddr 192.0.2.2 rport 4711",
        "a=candidate:1 1 UDP 2015363327 fd00::2 50000 typ srflx raddr :: rport 9",
    ]

    @Test(arguments: lines)
    func aWrittenCandidateReadsAsTheSameValue(line: String) throws {
        let candidate = try #require(ICECandidate(line))
        #expect(ICECandidate(candidate.string) == candidate)
    }

    @Test func everyPartIsRead() throws {
        let relay = try #require(ICECandidate(Self.lines[2]))
        #expect(relay.kind == .relay)
        #expect(relay.address == "203.0.113.7")
        #expect(relay.port == 50_000)
        #expect(relay.relatedAddress == "192.0.2.2")
        #expect(relay.relatedPort == 4_711)
        let tcp = try #require(ICECandidate(Self.lines[1]))
        #expect(tcp.transport == .tcp(role: "passive"))
        #expect(tcp.usernameFragment == "nlROmvsOWfwVaAGv")
    }

    @Test func namesOfMulticastDNSAreHiddenAddresses() throws {
        let line = "candidate:1 1 udp 2122260223 8a9b2c.local 5000 typ host"
        #expect(try #require(ICECandidate(line)).isHidden)
    }

    @Test(arguments: ["", "candidate:", "candidate:1 1 udp", "candidate:1 1 sctp 1 1.1.1.1 1 typ host"])
    func brokenLinesAreRefused(line: String) {
        #expect(ICECandidate(line) == nil)
    }

    @Test func garbageNeverTraps() {
        var random = SeededGenerator(seed: 7)
        for round in 0..<10_000 {
            var bytes = Array(Self.lines[round % Self.lines.count].utf8)
            for _ in 0..<4 { bytes.mutate(using: &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let candidate = ICECandidate(text) else { continue }
            #expect(ICECandidate(candidate.string) == candidate)
        }
    }
}
