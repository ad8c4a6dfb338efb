internal import MediaCore

/// Divides what the path leaves to a track among its layers, and switches layers off from the top when it does not
/// suffice for all.
///
/// The layers that are sent get their minimum and, of the rest, shares in proportion to what they would still like. The
/// lowest usable one is always sent. An upper one is switched off when less than three quarters of what it and those
/// below need has been left for a second: a room takes ten seconds to believe in a layer that has come back, so a short
/// dip is borne with less for all. Below a half it goes at once, for then no layer would make a picture. It comes back
/// after a second with a margin, or at once when twice the need is there.
///
/// A value without clock. Never more is given than is there.
struct LayerAllocation: Sendable {
    /// What becomes of the layers that the limit allows.
    enum Sharing: Sendable {
        /// All of them are sent: simulcast.
        case together
        /// They are sizes of one stream, of which the highest is sent.
        case highestOnly
    }

    private var layers: [AffordableLayer]
    private let sharing: Sharing

    /// All layers, the lowest first, are affordable at first.
    init(_ layers: [VideoLayer], sharing: Sharing = .together) {
        self.layers = layers.map { AffordableLayer(minimum: $0.minimum, maximum: $0.maximum) }
        self.sharing = sharing
    }

    /// What each layer gets; zero means that it is off. `isUsable` says of each whether it may be sent at all.
    mutating func allocate(_ limit: Bitrate, isUsable: [Bool], at now: MonotonicTime) -> [Bitrate] {
        var sent: [Int] = []
        var needed = Bitrate.zero
        var isExhausted = false
        for (index, isUsable) in zip(layers.indices, isUsable) {
            guard isUsable else {
                layers[index].forget()
                continue
            }
            let need = (sharing == .together ? needed : .zero) + layers[index].minimum
            if isExhausted {
                layers[index].switchOff(at: now)
            } else if sent.isEmpty {
                layers[index].forget()
            } else {
                layers[index].judge(need: need, limit: limit, at: now)
            }
            guard layers[index].isAffordable else {
                isExhausted = true
                continue
            }
            if sharing == .highestOnly { sent.removeAll() }
            sent.append(index)
            needed = need
        }
        return shares(of: limit, among: sent)
    }

    private func shares(of limit: Bitrate, among sent: [Int]) -> [Bitrate] {
        var result = Array(repeating: Bitrate.zero, count: layers.count)
        let minimum = sent.reduce(Bitrate.zero) { $0 + layers[$1].minimum }
        let maximum = sent.reduce(Bitrate.zero) { $0 + layers[$1].maximum }
        for index in sent {
            let layer = layers[index]
            if limit >= maximum {
                result[index] = layer.maximum
            } else if limit <= minimum {
                result[index] = layer.minimum * Self.quotient(limit, minimum)
            } else {
                let share = Self.quotient(limit - minimum, maximum - minimum)
                result[index] = layer.minimum + (layer.maximum - layer.minimum) * share
            }
        }
        return result
    }

    private static func quotient(_ part: Bitrate, _ whole: Bitrate) -> Double {
        Double(part.bitsPerSecond) / Double(max(1, whole.bitsPerSecond))
    }
}

/// Whether the path leaves enough for one layer, with a memory, so that it does not come and go.
private struct AffordableLayer: Sendable {
    /// A layer stays while this share of what is needed is there.
    private static let keepShare = 0.75
    /// Below this share it goes at once.
    private static let emergencyShare = 0.5
    /// How long too little is borne.
    private static let patience = Duration.seconds(1)
    /// It comes back with this much more than is needed.
    private static let returnMargin = 1.2
    /// How long it stays off at least.
    private static let rest = Duration.seconds(1)
    /// With this much more than is needed there is no doubt.
    private static let plenty = 2.0

    let minimum: Bitrate
    let maximum: Bitrate
    private(set) var isAffordable = true
    /// Since when too little is left; `nil` = enough is.
    private var shortSince: MonotonicTime?
    /// When it was switched off.
    private var offSince: MonotonicTime?

    init(minimum: Bitrate, maximum: Bitrate) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The layer begins anew: without margin, and at once.
    mutating func forget() {
        isAffordable = true
        shortSince = nil
        offSince = nil
    }

    mutating func switchOff(at now: MonotonicTime) {
        guard isAffordable else { return }
        isAffordable = false
        shortSince = nil
        offSince = now
    }

    mutating func judge(need: Bitrate, limit: Bitrate, at now: MonotonicTime) {
        guard isAffordable else {
            let isRested = offSince.map { now - $0 >= Self.rest } ?? true
            if limit >= need * (isRested ? Self.returnMargin : Self.plenty) { forget() }
            return
        }
        guard limit < need * Self.keepShare else {
            shortSince = nil
            return
        }
        let since = shortSince ?? now
        shortSince = since
        if limit < need * Self.emergencyShare || now - since >= Self.patience { switchOff(at: now) }
    }
}

extension Bitrate {
    fileprivate static func - (left: Bitrate, right: Bitrate) -> Bitrate {
        Bitrate(bitsPerSecond: left.bitsPerSecond - right.bitsPerSecond)
    }
}
