import MediaCore
import PeerTransport
import TestSupport
import Testing

@Suite("DTLS against garbage")
struct DTLSFuzzTests {
    @Test("10,000 changed records, each given to a living session, do no harm", arguments: [UInt64(1)])
    func mutations(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let identities = (try Certificate.make(), try Certificate.make())
        var count = 0
        var connections = 0
        while count < 10_000 {
            let pair = try DTLSPair(certificates: identities)
            pair.start()
            pair.exchange { datagram, isFromClient in
                // Not every flight, so that some handshakes get to the later ones.
                guard Int.random(in: 0..<3, using: &random) == 0 else { return datagram }
                for _ in 0..<4 where pair.errorCount == 0 {
                    count += 1
                    let bad = datagram.damaged(using: &random)
                    if isFromClient { pair.receiveAtServer(bad) } else { pair.receiveAtClient(bad) }
                }
                return datagram
            }
            connections += pair.isConnected ? 1 : 0
            #expect(pair.clientLog.longestDatagram <= DTLSSession.mtu)
        }
        #expect(connections > 100)
    }

    @Test(
        "10,000 changed records do not reach the application of an established session",
        arguments: [UInt64(2)])
    func mutatedApplicationData(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pair = try DTLSPair()
        pair.connect()
        for value in 0..<1_000 {
            let message = withUnsafeBytes(of: value) { Array($0) }
            #expect(pair.sendFromClient(message))
            pair.exchange { datagram, _ in
                for _ in 0..<10 {
                    let bad = datagram.damaged(using: &random)
                    if bad != datagram { pair.receiveAtServer(bad) }
                }
                return datagram
            }
            #expect(pair.serverLog.data.last == message)
        }
        #expect(pair.serverLog.data.count == 1_000)
        #expect(pair.errorCount == 0)
    }
}
