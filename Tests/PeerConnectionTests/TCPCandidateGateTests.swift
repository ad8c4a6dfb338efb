import MediaCore
import Testing

@testable import PeerConnection

@Suite("Candidates over TCP")
struct TCPCandidateGateTests {
    @Test("they wait while UDP is tried, and are tried when that has led nowhere")
    func blockedUDP() throws {
        var gate = TCPCandidateGate()
        let (udp, tcp) = (try candidate("udp"), try candidate("tcp"))
        #expect(gate.receive(tcp, at: Self.time(0)) == nil)
        #expect(gate.receive(udp, at: Self.time(10)) == udp)
        #expect(gate.end().isEmpty)
        #expect(!gate.isComplete)
        #expect(gate.nextDeadline == Self.time(2_000))
        #expect(gate.advance(to: Self.time(1_999), isConnected: false).isEmpty)
        #expect(gate.advance(to: Self.time(2_000), isConnected: false) == [tcp])
        #expect(!gate.isHolding && gate.isComplete)
        #expect(gate.receive(tcp, at: Self.time(2_100)) == tcp)
    }

    @Test("they are never tried where UDP works")
    func workingUDP() throws {
        var gate = TCPCandidateGate()
        _ = gate.receive(try candidate("udp"), at: Self.time(0))
        #expect(gate.receive(try candidate("tcp"), at: Self.time(0)) == nil)
        #expect(gate.advance(to: Self.time(2_000), isConnected: true).isEmpty)
        #expect(!gate.isHolding)
        #expect(gate.nextDeadline == nil)
    }

    @Test("where there is nothing else they are tried as soon as that is known")
    func nothingElse() throws {
        var gate = TCPCandidateGate()
        let tcp = try candidate("tcp")
        #expect(gate.receive(tcp, at: Self.time(0)) == nil)
        #expect(gate.end() == [tcp])
        #expect(gate.receive(tcp, at: Self.time(1)) == tcp)
    }

    @Test("a new generation begins anew")
    func restart() throws {
        var gate = TCPCandidateGate()
        let tcp = try candidate("tcp")
        _ = gate.receive(tcp, at: Self.time(0))
        _ = gate.advance(to: Self.time(2_000), isConnected: false)
        gate.reset()
        #expect(gate.receive(tcp, at: Self.time(9_000)) == nil)
        #expect(gate.nextDeadline == Self.time(11_000))
    }

    private func candidate(_ transport: String) throws -> ICECandidate {
        let type = transport == "tcp" ? " tcptype passive" : ""
        return try #require(
            ICECandidate("candidate:1 1 \(transport) 2122194687 192.0.2.2 7881 typ host\(type)"))
    }

    private static func time(_ milliseconds: Int64) -> MonotonicTime { .zero + .milliseconds(milliseconds) }
}
