package import MediaCore

/// How far the path to the other side is.
package enum ICEState: Hashable, Sendable {
    case new, checking, connected, failed
}

/// What finds and keeps a path to the other side: libnice in life, a simulated path in tests.
///
/// The contract: every call and every callback happens on the network loop's thread. A call may call
/// back before it
/// returns, so no mutation may be open while one is made. After `close` nothing is called back any more.
package protocol ICETransport: AnyObject {
    /// Name and password of the current generation of this side.
    var credentials: ICECredentials { get }
    /// Candidates of this side found so far.
    var localCandidates: [ICECandidate] { get }
    /// Whether all candidates of this side have been found.
    var hasGathered: Bool { get }
    /// A line about the path in use, for statistics; `nil` without one.
    var selectedPath: ICEPath? { get }

    /// Begins to look for candidates of this side; further calls do nothing.
    func gather(using servers: [ResolvedICEServer])
    /// Says which side nominates (RFC 8445 §6.1.1).
    func setControlling(_ isControlling: Bool)
    /// Sets name and password of the other side; checks begin.
    func setRemote(_ credentials: ICECredentials)
    /// Adds an address of the other side, of its current generation.
    func add(_ candidate: ICECandidate)
    /// No further candidates of the other side follow.
    func endRemoteCandidates()
    /// Begins a new generation with new credentials; packets keep flowing on the old path until a
    /// better one works.
    func restart()
    /// Sends one datagram; false when it could not be sent now.
    func send(_ datagram: UnsafeRawBufferPointer) -> Bool
    /// Ends everything.
    func close()
}

/// Who uses an `ICETransport`.
package protocol ICETransportClient: AnyObject, Sendable {
    /// A datagram arrived.
    func iceReceived(_ datagram: consuming PacketBuffer)
    /// The path changed.
    func iceChanged(to state: ICEState)
    /// A candidate of this side was found.
    func iceFound(_ candidate: ICECandidate)
    /// All candidates of this side have been found.
    func iceGathered()
}

/// The path in use.
package struct ICEPath: Hashable, Sendable {
    /// This side's end.
    package var local: ICECandidate
    /// The other side's end.
    package var remote: ICECandidate
}

/// A STUN or TURN server with a numeric address.
package struct ResolvedICEServer: Hashable, Sendable {
    /// How a server is spoken to; TLS is already hidden behind a local TCP port.
    package enum Service: Hashable, Sendable {
        case stun
        case turnOverUDP(username: String, credential: String)
        case turnOverTCP(username: String, credential: String)
    }

    /// How the server is spoken to.
    package var service: Service
    /// Numeric address.
    package var address: String
    /// Port.
    package var port: UInt16
}
