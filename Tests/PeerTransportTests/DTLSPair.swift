import MediaCore
import PeerTransport

/// A client and a server in memory, and what each of them said.
final class DTLSPair {
    /// What happens to a datagram on its way; `nil` loses it.
    typealias Path = (_ datagram: [UInt8], _ isFromClient: Bool) -> [UInt8]?

    var client: DTLSSession
    var server: DTLSSession
    var clientLog = DTLSLog()
    var serverLog = DTLSLog()

    init(
        profiles: [SRTPProfile] = SRTPProfile.byPreference, serverProfiles: [SRTPProfile]? = nil,
        clientExpects: [Fingerprint]? = nil, serverExpects: [Fingerprint]? = nil,
        certificates: (client: Certificate, server: Certificate)? = nil
    ) throws {
        let clientCertificate = try certificates?.client ?? Certificate.make()
        let serverCertificate = try certificates?.server ?? Certificate.make()
        client = try DTLSSession(
            role: .client, certificate: clientCertificate,
            expectedFingerprints: clientExpects ?? [serverCertificate.fingerprint], profiles: profiles)
        server = try DTLSSession(
            role: .server, certificate: serverCertificate,
            expectedFingerprints: serverExpects ?? [clientCertificate.fingerprint],
            profiles: serverProfiles ?? profiles)
    }

    func start() {
        client.start(at: SystemClock.now)
        server.start(at: SystemClock.now)
    }

    /// Carries datagrams until neither side has any.
    func exchange(_ path: Path = { datagram, _ in datagram }) {
        for _ in 0..<1_000 {
            let fromClient = clientLog.drain(&client)
            let fromServer = serverLog.drain(&server)
            if fromClient.isEmpty, fromServer.isEmpty { return }
            for datagram in fromClient.compactMap({ path($0, true) }) {
                receiveAtServer(datagram)
            }
            for datagram in fromServer.compactMap({ path($0, false) }) {
                receiveAtClient(datagram)
            }
        }
    }

    func connect() {
        start()
        exchange()
    }

    var isConnected: Bool {
        let (left, right) = (client.isConnected, server.isConnected)
        return left && right
    }

    var errorCount: Int { clientLog.errors.count + serverLog.errors.count }

    var deadline: Deadline? { Deadline.earliest(client.nextDeadline, server.nextDeadline) }

    func sendFromClient(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { client.send($0) } }

    func sendFromServer(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { server.send($0) } }

    func receiveAtClient(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { client.receive($0, at: SystemClock.now) }
    }

    func receiveAtServer(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { server.receive($0, at: SystemClock.now) }
    }
}

/// Everything a session gave out that was not for the wire.
struct DTLSLog {
    var keys: [SRTPKeys] = []
    var data: [[UInt8]] = []
    var errors: [DTLSError] = []
    var closes = 0
    var longestDatagram = 0

    /// Takes all outputs; answers the datagrams.
    mutating func drain(_ session: inout DTLSSession) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        while let output = session.nextOutput() {
            switch output {
            case .transmit(let datagram):
                longestDatagram = max(longestDatagram, datagram.count)
                datagrams.append(datagram)
            case .connected(let keys): self.keys.append(keys)
            case .applicationData(let bytes): data.append(bytes)
            case .closed: closes += 1
            case .failed(let error): errors.append(error)
            }
        }
        return datagrams
    }
}
