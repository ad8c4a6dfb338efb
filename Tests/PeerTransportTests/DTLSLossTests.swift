import MediaCore
import PeerTransport
import Testing

/// OpenSSL reads its own clock for retransmissions, so these few tests run in real time.
@Suite("DTLS under loss")
struct DTLSLossTests {
    @Test("a lost first flight is repeated after about 100 ms")
    func firstFlightLost() async throws {
        let pair = try DTLSPair()
        let before = SystemClock.now
        pair.start()
        let started = SystemClock.now
        pair.exchange { _, _ in nil }
        let deadline = try #require(pair.deadline)
        #expect(deadline.reason == .dtls)
        #expect(deadline.time - before > .milliseconds(80))
        #expect(deadline.time - started <= .milliseconds(100))
        pair.client.advance(to: started)
        #expect(pair.clientLog.drain(&pair.client).isEmpty)

        try await Task.sleep(for: deadline.time - SystemClock.now)
        pair.client.advance(to: SystemClock.now)
        pair.exchange()
        #expect(pair.isConnected)
    }

    @Test("a handshake survives the loss of every third datagram")
    func everyThirdLost() async throws {
        let pair = try DTLSPair()
        pair.start()
        var count = 0
        let end = SystemClock.now + .seconds(10)
        while !pair.isConnected, SystemClock.now < end {
            pair.exchange { datagram, _ in
                count += 1
                return count % 3 == 0 ? nil : datagram
            }
            guard let next = pair.deadline else { continue }
            try await Task.sleep(for: max(next.time - SystemClock.now, .milliseconds(1)))
            pair.client.advance(to: SystemClock.now)
            pair.server.advance(to: SystemClock.now)
        }
        #expect(pair.clientLog.keys.first?.local == pair.serverLog.keys.first?.remote)
        #expect(pair.isConnected)
    }
}
