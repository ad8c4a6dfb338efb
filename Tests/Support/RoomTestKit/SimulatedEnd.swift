package import MediaCore
package import PeerConnection

/// One end of a simulated connection: an engine, and the link that takes away what it sends.
package struct SimulatedEnd: ~Copyable {
    /// What speaks at this end.
    package var engine: PeerEngine
    /// The way of what it says.
    package var link: LinkModel
    private let pool = PacketPool()

    /// Makes an end.
    package init(_ engine: consuming PeerEngine, link: LinkModel) {
        self.engine = engine
        self.link = link
    }

    /// Makes an end whose engine does not encrypt.
    package init(
        _ settings: LinkModel.Settings, linkSeed: UInt64, engineSeed: UInt64, at now: MonotonicTime
    ) {
        self.init(.unprotected(seed: engineSeed, at: now), link: LinkModel(settings, seed: linkSeed))
    }

    /// When the engine has to be called, or something comes out of the link.
    package var nextTime: MonotonicTime? {
        [engine.nextDeadline?.time, link.nextArrival].compactMap(\.self).min()
    }

    /// Takes the next datagram that has come out of the other end's link; false when there is none.
    package mutating func receive(from other: inout SimulatedEnd, at now: MonotonicTime) -> Bool {
        guard let bytes = other.link.receive(at: now), let packet = pool.take(copying: bytes.span) else {
            return false
        }
        engine.receive(packet, at: now)
        return true
    }

    /// The engine's next event; what it sends before that goes into the link.
    package mutating func nextEvent(at now: MonotonicTime) -> PeerEngineEvent? {
        while let output = engine.nextOutput() {
            switch consume output {
            case .transmit(let packet): link.send(packet.withBytes { Array($0) }, at: now)
            case .event(let event): return event
            }
        }
        return nil
    }
}
