import MediaCore
import PeerTransport
import Testing

@Suite("DTLS sessions")
struct DTLSSessionTests {
    @Test("both sides agree on the keys of each profile", arguments: SRTPProfile.allCases)
    func keysAgree(_ profile: SRTPProfile) throws {
        let pair = try DTLSPair(profiles: [profile])
        pair.connect()
        let client = try #require(pair.clientLog.keys.first)
        let server = try #require(pair.serverLog.keys.first)
        #expect(client.profile == profile)
        #expect(client.local == server.remote)
        #expect(client.remote == server.local)
        #expect(client.local != client.remote)
        #expect(max(pair.clientLog.longestDatagram, pair.serverLog.longestDatagram) <= DTLSSession.mtu)
    }

    @Test("GCM is chosen when both have it, and the other profile when one has not")
    func profileChoice() throws {
        let both = try DTLSPair()
        both.connect()
        #expect(both.clientLog.keys.first?.profile == .aes128GCM)
        let old = try DTLSPair(serverProfiles: [.aes128CounterSHA1])
        old.connect()
        #expect(old.clientLog.keys.first?.profile == .aes128CounterSHA1)
    }

    @Test("without a common profile there are no keys")
    func noCommonProfile() throws {
        let pair = try DTLSPair(profiles: [.aes128GCM], serverProfiles: [.aes128CounterSHA1])
        pair.connect()
        #expect(pair.clientLog.keys.isEmpty)
        #expect(pair.clientLog.errors == [.noSRTPProfile])
    }

    @Test("a client refuses a certificate that was not announced, and gives out no keys")
    func clientChecksFingerprint() throws {
        let pair = try DTLSPair(clientExpects: [Certificate.make().fingerprint])
        pair.connect()
        #expect(pair.clientLog.errors == [.fingerprintMismatch])
        #expect(pair.clientLog.keys.isEmpty)
        #expect(pair.serverLog.closes == 1)
    }

    @Test("a server refuses a certificate that was not announced, and gives out no keys")
    func serverChecksFingerprint() throws {
        let pair = try DTLSPair(serverExpects: [Certificate.make().fingerprint])
        pair.connect()
        #expect(pair.serverLog.errors == [.fingerprintMismatch])
        #expect(pair.serverLog.keys.isEmpty)
    }

    @Test("no announced fingerprint admits nobody")
    func noFingerprint() throws {
        let pair = try DTLSPair(clientExpects: [])
        pair.connect()
        #expect(pair.clientLog.errors == [.fingerprintMismatch])
    }

    @Test("any one of several announced fingerprints is enough")
    func severalFingerprints() throws {
        let (mine, theirs) = (try Certificate.make(), try Certificate.make())
        let other = try Certificate.make().fingerprint
        var session = try DTLSSession(
            role: .client, certificate: mine, expectedFingerprints: [other, theirs.fingerprint])
        var peer = try DTLSSession(
            role: .server, certificate: theirs, expectedFingerprints: [mine.fingerprint])
        var (log, peerLog) = (DTLSLog(), DTLSLog())
        session.start(at: .zero)
        while case let flight = log.drain(&session), !flight.isEmpty {
            for datagram in flight { datagram.withUnsafeBytes { peer.receive($0, at: .zero) } }
            for datagram in peerLog.drain(&peer) {
                datagram.withUnsafeBytes { session.receive($0, at: .zero) }
            }
        }
        #expect(log.keys.count == 1 && peerLog.keys.count == 1)
    }

    @Test("application data passes both ways and keeps its borders")
    func applicationData() throws {
        let pair = try DTLSPair()
        pair.connect()
        let messages: [[UInt8]] = [[1], Array(repeating: 2, count: 1_150), [3, 3]]
        for message in messages {
            #expect(pair.sendFromClient(message))
            #expect(pair.sendFromServer(message))
        }
        pair.exchange()
        #expect(pair.clientLog.data == messages)
        #expect(pair.serverLog.data == messages)
    }

    @Test("nothing can be sent before the handshake or after the end")
    func sendingOutsideTheSession() throws {
        let pair = try DTLSPair()
        #expect(!pair.sendFromClient([1]))
        pair.connect()
        pair.client.close()
        #expect(!pair.sendFromClient([1]))
    }

    @Test("closing one side closes the other, once")
    func close() throws {
        let pair = try DTLSPair()
        pair.connect()
        pair.client.close()
        pair.client.close()
        pair.exchange()
        #expect(pair.clientLog.closes == 1)
        #expect(pair.serverLog.closes == 1)
        #expect(pair.deadline == nil)
    }

    @Test("an established session has no deadline and ignores repeated and foreign datagrams")
    func establishedIsQuiet() throws {
        let pair = try DTLSPair()
        var recorded: [[UInt8]] = []
        pair.start()
        pair.exchange { datagram, isFromClient in
            if isFromClient { recorded.append(datagram) }
            return datagram
        }
        #expect(pair.deadline == nil)
        for datagram in recorded + [[22], [22, 254, 253], Array(repeating: 23, count: 5_000)] {
            pair.receiveAtServer(datagram)
        }
        pair.exchange()
        #expect(pair.sendFromServer([7]))
        pair.exchange()
        #expect(pair.clientLog.data == [[7]])
        #expect(pair.serverLog.errors.isEmpty)
    }
}
