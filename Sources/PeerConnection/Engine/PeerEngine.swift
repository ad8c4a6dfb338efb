package import MediaCore
package import PeerTransport
import RTP

/// The media of one connection: turns datagrams into pictures and sound or into packets to pass on,
/// and back.
///
/// It is the one place where streams, feedback, reports, pacing and encryption meet, and it only
/// routes between their machines. Each section works in frame mode, for a participant, or in packet
/// mode, for a room that forwards; loss is repaired and reported in both.
///
/// Contract: one mutation, then `nextOutput()` until it is `nil`, then `nextDeadline`, then the
/// next mutation. Time comes in with every call and never goes back. No clock, no socket, no
/// randomness besides the seed.
package struct PeerEngine: ~Copyable {
    let configuration: PeerEngineConfiguration
    var protection = PacketProtection.pending
    var outputs = OutputQueue<PeerOutput>()
    var generator: SeededGenerator
    /// Sections that send or sent, by first use; they keep their index.
    var senders: [SendSection] = []
    /// Sections that receive or received, by first use; they keep their index.
    var receivers: [ReceiveSection] = []
    /// Which stream each received source belongs to.
    var sources = SourceTable()
    /// Ids of header extensions of all receiving sections: a bundle has one set (RFC 8843 §9.2).
    var receiveExtensions = HeaderExtensionMap()
    var pacer: Pacer
    /// What all pictures together are encoded at.
    var videoBitrate: Bitrate
    /// Reports arrivals, when a section negotiated it.
    var arrivals: ArrivalRecorder?
    /// Estimates what the path to this side carries, when a section negotiated it.
    var downlink: RemoteBitrateReporter?
    var roundTrip = RoundTripEstimator()
    /// Number of the next packet among all that are sent.
    var nextTransportSequence: UInt16 = 1
    /// What the path to the other side carries.
    var bandwidth = BandwidthEstimator()
    /// Fills the path to a receiver that estimates itself.
    var filler = PathFiller()
    /// The estimate that was told last.
    var toldBandwidth: Bitrate?
    /// How much was repeated lately.
    var repeatRate = RepeatRate()
    /// How much may be repeated.
    var repeatBudget = RepeatBudget()
    /// Repeats that follow once more.
    var copies = RepeatCopies()
    /// When the next sender and receiver reports are due.
    var nextReport: MonotonicTime?
    /// Reference times of the other side that wait for their answer (RFC 3611 §4.5).
    var referenceTimes: [(ssrc: SSRC, middle: UInt32, arrival: MonotonicTime)] = []
    var drops = PeerDrops()
    /// Used again for each feedback.
    var requests: [UInt16] = []
    private var latest: MonotonicTime

    /// Makes an engine without keys and sections.
    package init(configuration: PeerEngineConfiguration, now: MonotonicTime) {
        self.configuration = configuration
        generator = SeededGenerator(seed: configuration.seed)
        pacer = Pacer(target: configuration.videoBitrate)
        videoBitrate = configuration.videoBitrate
        latest = now
        requests.reserveCapacity(NackTracker.maximumOutstanding)
    }

    /// Takes the keys of the finished handshake; from now on packets flow.
    package mutating func secure(_ keys: SRTPKeys, at now: MonotonicTime) throws(SRTPError) {
        begin(.secure(try SRTPContext(keys)), at: clamp(now))
    }

    /// Lets packets pass without protection: for simulations, which have no handshake.
    package mutating func passThrough(at now: MonotonicTime) {
        begin(.passThrough, at: clamp(now))
    }

    /// Sets what is sent in a section; `nil` stops it.
    package mutating func setSending(_ description: SendDescription?, on mid: MediaID, at now: MonotonicTime)
    {
        let index = senders.firstIndex { $0.mid == mid } ?? senders.count
        if index == senders.count {
            guard description != nil else { return }
            senders.append(SendSection(mid: mid))
        }
        pacer.removeAll { $0 >> 4 == index }
        senders[index].update(description, firstSequence: configuration.firstSequence, using: &generator)
        tellFirstBandwidth(of: description)
    }

    /// Sets what is received in a section; `nil` stops it.
    package mutating func setReceiving(
        _ description: ReceiveDescription?, on mid: MediaID, at now: MonotonicTime
    ) {
        let index = receivers.firstIndex { $0.mid == mid } ?? receivers.count
        if index == receivers.count {
            guard description != nil else { return }
            receivers.append(ReceiveSection(mid: mid))
        }
        for source in receivers[index].update(description) { sources.removeAll(of: source) }
        for source in description?.sources ?? [] {
            let route = SourceTable.Route(section: index, stream: source.ssrc)
            sources.bind(source.ssrc, to: route)
            if let repeats = source.retransmissionSSRC { sources.bind(repeats, to: route) }
        }
        receiveExtensions = HeaderExtensionMap()
        var reportsArrivals = false
        for section in receivers {
            guard let description = section.description else { continue }
            for kind in HeaderExtensionKind.allCases {
                if let id = description.extensions[kind] { receiveExtensions[kind] = id }
            }
            reportsArrivals = reportsArrivals || description.reportsArrivals
        }
        arrivals = reportsArrivals ? arrivals ?? ArrivalRecorder() : nil
        updateDownlink()
    }

    /// Changes what all pictures together are encoded at.
    package mutating func update(videoBitrate: Bitrate) {
        self.videoBitrate = videoBitrate
        updatePace()
    }

    /// The next thing to do; drained until `nil` after every mutation.
    package mutating func nextOutput() -> PeerOutput? {
        outputs.next()
    }

    /// How long an answer of the other side takes; `nil` = not known yet.
    package var roundTripTime: Duration? { roundTrip.roundTrip }

    /// Whether keys are known.
    package var isSecure: Bool { protection.isReady }

    /// Time never goes back, whatever the caller says.
    mutating func clamp(_ now: MonotonicTime) -> MonotonicTime {
        latest = max(latest, now)
        return latest
    }

    /// The wall clock at `now`.
    func unixNanoseconds(at now: MonotonicTime) -> Int64 {
        configuration.unixNanosecondsAtZero &+ now.nanoseconds
    }

    /// Whose name feedback carries: a stream we send, if there is one.
    var feedbackSource: SSRC {
        for section in senders {
            if let encoding = section.encodings.first { return encoding.stream.configuration.ssrc }
        }
        return configuration.feedbackSource
    }

    /// Everything encoded so far was lost: pictures have to begin anew.
    private mutating func begin(_ protection: consuming PacketProtection, at now: MonotonicTime) {
        self.protection = protection
        nextReport = now + Self.firstReportDelay
        requestKeyframes()
    }
}
