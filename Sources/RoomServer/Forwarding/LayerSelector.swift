/// Decides, packet by packet, what of a track one subscriber gets.
///
/// ## Going over to another size
/// With simulcast each size is a stream: it begins at a key picture of its own, and until that has come the old one goes
/// on. A subscriber that waits for a key picture of a large size takes a smaller one as well: its publisher may have
/// stopped the large one. A key picture whose first packet was lost begins nothing when it is repeated, because the rest
/// has gone by; the next one is asked for. In one scalable stream (VP9) sizes are dropped from any picture on, because
/// smaller ones never build on larger ones, and added at key pictures.
///
/// ## Rates of pictures
/// Temporal layers are dropped from any picture on, and added at key pictures and where the publisher says that nothing
/// looks back beyond the picture.
struct LayerSelector: Sendable {
    /// What becomes of a packet.
    enum Verdict: Hashable, Sendable {
        /// It belongs to a stream that the subscriber does not get.
        case ignore
        /// It is left out of the stream that the subscriber gets.
        case leaveOut
        /// It goes on; `isLast` = the picture ends with it for this subscriber.
        case forward(isLast: Bool)
        /// It goes on as the first of a stream.
        case begin(isLast: Bool)
    }

    /// How much too narrow the way down is for the size that is being forwarded.
    enum Pressure: Hashable, Sendable {
        /// It is wide enough.
        case none
        /// The rate of pictures is lowered until the smaller size begins.
        case some
        /// Nothing more of the size is sent: it would only stand in the way of the smaller one.
        case severe
    }

    /// Whether all sizes are in one stream.
    private let isOneStream: Bool
    /// What is being forwarded; `nil` = nothing since the start or the last pause.
    private(set) var current: TrackLayer?
    /// What is to be forwarded; `nil` = nothing is.
    var target: TrackLayer? = .highest
    /// How much too narrow the way down is for what is being forwarded.
    var pressure = Pressure.none
    /// Whether the subscriber cannot go on without a key picture.
    var isStuck = false
    private var pictures = PictureDecisions()

    /// Makes a selector that forwards nothing yet; `isOneStream` = there is no simulcast.
    init(isOneStream: Bool) {
        self.isOneStream = isOneStream
    }

    /// Which of the publisher's streams is being forwarded.
    var stream: Int? { current.map { isOneStream ? 0 : $0.spatial } }

    /// The stream whose key picture is needed to reach the target.
    var neededStream: Int? {
        guard let target else { return nil }
        let wanted = isOneStream ? 0 : target.spatial
        guard let current else { return wanted }
        return isOneStream ? (target.spatial > current.spatial ? 0 : nil) : (wanted == stream ? nil : wanted)
    }

    /// Whether the subscriber goes on, or goes over, with a key picture of this stream.
    func awaits(_ stream: Int) -> Bool {
        isStuck && self.stream == stream || neededStream == stream
    }

    /// Forgets what is being forwarded; it begins anew at a key picture.
    mutating func stop() {
        current = nil
        isStuck = false
    }

    /// Decides about a packet.
    mutating func receive(_ packet: PublishedPacket) -> Verdict {
        guard let target else { return .ignore }
        guard packet.stream == stream, let now = current else {
            return begins(with: packet, target) ? begin(with: packet, target) : .ignore
        }
        guard !packet.isPadding else { return .leaveOut }
        if packet.isKeyframe { isStuck = false }
        let fate = pictures.fate(of: packet.timestamp) ?? decide(on: packet, now, target)
        guard !isHeldBack(now, target), packet.layer.temporal <= fate.temporal,
            packet.layer.spatial <= fate.spatial
        else {
            return .leaveOut
        }
        return .forward(isLast: isLast(packet, fate))
    }

    private func isHeldBack(_ now: TrackLayer, _ target: TrackLayer) -> Bool {
        pressure == .severe && !isOneStream && target.spatial < now.spatial
    }

    private func begins(with packet: PublishedPacket, _ target: TrackLayer) -> Bool {
        // A key picture whose beginning came late would stay full of holes.
        guard packet.isKeyframe, packet.startsFrame, !packet.isPadding, !packet.isLate else { return false }
        // Any size is better than none, or than one that stands still; else only the right one is.
        guard let current else { return packet.layer.spatial <= target.spatial }
        let isWayOn = isStuck && !isOneStream && packet.layer.spatial < current.spatial
        return packet.layer.spatial == target.spatial || isWayOn && packet.layer.spatial < target.spatial
    }

    private mutating func begin(with packet: PublishedPacket, _ target: TrackLayer) -> Verdict {
        let spatial = isOneStream ? target.spatial : packet.layer.spatial
        let layer = TrackLayer(spatial: spatial, temporal: target.temporal)
        current = layer
        pressure = .none
        isStuck = false
        pictures = PictureDecisions()
        pictures.note(packet.timestamp, layer)
        return .begin(isLast: isLast(packet, layer))
    }

    /// Decides about a picture by the first of its packets that came.
    private mutating func decide(
        on packet: PublishedPacket, _ now: TrackLayer, _ target: TrackLayer
    ) -> TrackLayer {
        guard pictures.isNewer(packet.timestamp) else {
            pictures.note(packet.timestamp, now)
            return now
        }
        let goal = goal(now, target)
        let isKey = packet.isKeyframe || isOneStream && !packet.isInterPicture && packet.layer.spatial == 0
        var layer = TrackLayer(
            spatial: isKey ? goal.spatial : min(now.spatial, goal.spatial),
            temporal: isKey ? goal.temporal : min(now.temporal, goal.temporal))
        if packet.switching != .none, packet.layer.temporal <= goal.temporal {
            layer.temporal = max(layer.temporal, packet.layer.temporal)
        }
        pictures.note(packet.timestamp, layer)
        current = layer
        if packet.switching == .higherLayers, packet.layer.temporal <= layer.temporal {
            current?.temporal = goal.temporal
        }
        return layer
    }

    /// What can be had of the target without going over to another stream.
    private func goal(_ now: TrackLayer, _ target: TrackLayer) -> TrackLayer {
        guard !isOneStream, target.spatial != now.spatial else { return target }
        // While a smaller stream is waited for, the larger one is at least slowed down.
        let isSlowed = pressure != .none && target.spatial < now.spatial
        return TrackLayer(spatial: now.spatial, temporal: isSlowed ? 0 : TrackLayer.highest.temporal)
    }

    /// RFC 9628 §4.1: the marker says that the picture ends, in the largest size that is sent.
    private func isLast(_ packet: PublishedPacket, _ fate: TrackLayer) -> Bool {
        packet.isMarked || isOneStream && packet.endsLayer && packet.layer.spatial == fate.spatial
    }
}
