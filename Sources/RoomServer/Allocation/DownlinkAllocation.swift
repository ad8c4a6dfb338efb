import MediaCore
import RTP

/// Shares the way down to one subscriber among the tracks it watches.
///
/// ## Whether there is anything to share
/// As long as the estimate of the way down has never fallen below what is sent, everything wanted is granted: an
/// estimate begins low and grows, which says nothing about the way. Once it falls below, it is the capacity, until
/// everything fits again for some time.
///
/// ## Sharing
/// Sound comes first. Then every track gets its lowest rung, screens before cameras; then all are raised together rung by
/// rung, as long as they fit. A track whose lowest rung does not fit is paused, the last resort.
///
/// ## Going up
/// Less is taken as soon as the estimate falls: that pictures take more for a moment does not prove that they do not go
/// through. More is granted when it fits with room to spare, and a while after the last step down; a step up
/// that had to be taken back makes that while longer. `wantedBitrate` tells the connection how far to probe, because an
/// estimate cannot grow much beyond what is sent.
struct DownlinkAllocation: Sendable {
    /// What one track would like to have.
    struct Demand: Sendable {
        /// The track.
        var track: TrackSID
        /// What each of its layers takes.
        var rates: LayerRates
        /// The best layer that the subscriber has a use for.
        var maximum: TrackLayer
        /// Whether sharpness counts more than the rate of pictures.
        var isScreen = false
    }

    /// What a track has been granted.
    private struct Holding: Sendable {
        var layer: TrackLayer?
    }

    /// What the way down carries; `nil` = more than is needed, as far as anybody knows.
    private(set) var capacity: Bitrate?
    /// The sound and the layers granted last.
    private(set) var usage = Bitrate.zero
    /// What the way down has to carry so that everything wanted is granted, with room to spare.
    private(set) var wantedBitrate = Bitrate.zero
    /// Whether the way down turned out to carry much less than what was being sent.
    private(set) var isShort = false
    private var estimate: (rate: Bitrate, time: MonotonicTime)?
    /// The highest estimate since the way down was last wide enough, as far as anybody knew.
    private var peak = Bitrate.zero
    /// Whether the estimate moved down when it last moved.
    private var isFalling = false
    /// Since when the estimate has been below what is sent.
    private var shortSince: MonotonicTime?
    /// Whether the estimate is so much below what is sent, or has been for so long, that less has to be sent.
    private var isUrgent = false
    /// Since when not even the lowest rung of the most important track fits.
    private var starved: MonotonicTime?
    private var holdings: [TrackSID: Holding] = [:]
    private var climb = ClimbPolicy()
    /// Since when everything wanted has been granted.
    private var satisfied: MonotonicTime?

    /// A step up must fit this many times.
    private static let headroom = 1.1
    /// The way down is probed for this many times what is wanted.
    private static let ambition = 1.4
    /// Below this share of its peak the estimate has really fallen: it wavers while it grows.
    private static let decline = 0.75
    /// What is sent may be this much more than the estimate.
    private static let tolerance = 0.95
    /// The same as long as the estimate does not fall, or has fallen just now.
    private static let leniency = 0.7
    /// An estimate below this share of what is sent is believed at once.
    private static let doubt = 0.75
    /// Others are when they last so long: a key picture of our own making fills the queue for a moment.
    private static let trial = Duration.milliseconds(1_500)
    /// Less than this share of what is sent is much less.
    private static let shortage = 0.6
    /// How long not even one picture track must fit until it is paused.
    private static let endurance = Duration.seconds(3)
    /// How long everything must have fitted until the way down counts as wide enough.
    private static let calm = Duration.seconds(3)
    /// How long an estimate counts for a paused track: nothing is sent that could renew it.
    private static let patience = Duration.seconds(5)

    /// Makes an allocation that grants everything.
    init() {}

    /// There is a new estimate of what the way down carries.
    mutating func receive(_ rate: Bitrate, at now: MonotonicTime) {
        isFalling = estimate.map { rate < $0.rate } ?? false
        estimate = (rate, now)
        shortSince = rate < usage * Self.tolerance ? shortSince ?? now : nil
        isUrgent =
            isFalling
            && (rate < usage * Self.doubt || shortSince.map { now - $0 >= Self.trial } ?? false)
        peak = max(peak, rate)
        let hasFallen = rate < peak * Self.decline
        if capacity != nil || hasFallen && rate < usage * Self.tolerance { capacity = rate }
    }

    /// Shares the way down; answers what each track is granted, in the order of `demands`.
    mutating func allocate(_ demands: [Demand], sound: Bitrate, at now: MonotonicTime) -> [LayerGrant] {
        let ladders = demands.map { LayerLadder($0.rates, upTo: $0.maximum, isScreen: $0.isScreen) }
        let held = zip(demands, ladders).map { demand, ladder in place(of: demand.track, on: ladder) }
        isShort = capacity.map { $0 < usage * Self.shortage } ?? false
        let places = share(demands, ladders, held, sound: sound, at: now)
        noteSteps(from: held, to: places, at: now)
        usage = zip(places, ladders).reduce(sound) { $0 + cost($1.0, $1.1) }
        plan(ladders, places, sound: sound, at: now)
        let old = holdings
        holdings = [:]
        return demands.indices.map { index in
            let grant = grant(demands[index], ladders[index], places[index])
            let wasKnown = old[demands[index].track] != nil
            // A track that sends nothing yet has no place to remember.
            if wasKnown || !ladders[index].rungs.isEmpty {
                holdings[demands[index].track] = Holding(layer: grant == .paused ? nil : grant.limit)
            }
            return grant
        }
    }

    /// Where a track stood; a new one begins at the bottom when the way down is narrow.
    private func place(of track: TrackSID, on ladder: LayerLadder) -> Int? {
        guard let holding = holdings[track] else {
            return capacity == nil ? ladder.rungs.indices.last : ladder.rungs.indices.first
        }
        return holding.layer.flatMap { ladder.place(of: $0) }
    }

    private mutating func share(
        _ demands: [Demand], _ ladders: [LayerLadder], _ held: [Int?], sound: Bitrate, at now: MonotonicTime
    ) -> [Int?] {
        guard let capacity else { return ladders.map { $0.rungs.indices.last } }
        let mayClimb = climb.isAllowed(capacity, at: now)
        let order =
            demands.indices.filter { demands[$0].isScreen } + demands.indices.filter { !demands[$0].isScreen }
        var places = [Int?](repeating: nil, count: demands.count)
        var left = capacity.bitsPerSecond - sound.bitsPerSecond
        for index in order {
            guard let lowest = ladders[index].rungs.first?.cost.bitsPerSecond else { continue }
            let isFirst = places.allSatisfy { $0 == nil }
            let isSpared = isFirst && endures(left * 2 >= lowest, at: now)
            guard isSpared || fits(lowest, in: left, isStep: held[index] == nil, mayClimb) else { continue }
            places[index] = 0
            left -= lowest
        }
        while let index = next(order, places, ladders, held, left, mayClimb) {
            let place = (places[index] ?? 0) + 1
            left -= extra(ladders[index], place)
            places[index] = place
        }
        return places
    }

    /// The track that stands lowest among those that can be raised.
    private func next(
        _ order: [Int], _ places: [Int?], _ ladders: [LayerLadder], _ held: [Int?], _ left: Int,
        _ mayClimb: Bool
    ) -> Int? {
        order.filter { index in
            guard let place = places[index], place + 1 < ladders[index].rungs.count else { return false }
            let isStep = place + 1 > held[index] ?? -1
            return fits(extra(ladders[index], place + 1), in: left, isStep: isStep, mayClimb)
        }.min { places[$0] ?? 0 < places[$1] ?? 0 }
    }

    private func fits(_ cost: Int, in left: Int, isStep: Bool, _ mayClimb: Bool) -> Bool {
        let whole = Double(capacity?.bitsPerSecond ?? 0)
        // What was granted stays while the rates of its pictures go up and down a little.
        let slack = 1 - (isUrgent ? Self.tolerance : Self.leniency)
        guard isStep else { return cost <= left + Int(whole * slack) }
        return mayClimb && cost + Int(whole * (1 - 1 / Self.headroom)) <= left
    }

    private func extra(_ ladder: LayerLadder, _ place: Int) -> Int {
        guard ladder.rungs.indices.contains(place), place > 0 else { return 0 }
        return ladder.rungs[place].cost.bitsPerSecond - ladder.rungs[place - 1].cost.bitsPerSecond
    }

    private func cost(_ place: Int?, _ ladder: LayerLadder) -> Bitrate {
        place.flatMap { ladder.rungs.indices.contains($0) ? ladder.rungs[$0].cost : nil } ?? .zero
    }

    /// Whether the most important track is sent although it does not fit: not if hardly half of it has come through for
    /// some time, and nothing says that this was long ago.
    private mutating func endures(_ isHalf: Bool, at now: MonotonicTime) -> Bool {
        let isStale = estimate.map { now - $0.time >= Self.patience } ?? true
        // A new trial lasts as long as the first, or no key picture would come through.
        let since = isStale ? now : starved ?? now
        starved = isHalf ? nil : since
        return isHalf || now - since < Self.endurance
    }

    private mutating func noteSteps(from held: [Int?], to places: [Int?], at now: MonotonicTime) {
        guard capacity != nil else { return }
        for (old, new) in zip(held, places) where old != new {
            if new ?? -1 < old ?? -1 {
                climb.noteStepDown(from: usage, at: now)
            } else {
                climb.noteStepUp(at: now)
            }
        }
    }

    /// Says how far to probe, and forgets the capacity when nothing has been missing for some time.
    private mutating func plan(
        _ ladders: [LayerLadder], _ places: [Int?], sound: Bitrate, at now: MonotonicTime
    ) {
        let everything = ladders.reduce(sound) { $0 + ($1.rungs.last?.cost ?? .zero) }
        // As long as little has been measured of a track, this must not hold the first estimate down.
        wantedBitrate = max(everything * Self.ambition, places.isEmpty ? .zero : BandwidthEstimator.start)
        guard zip(places, ladders).allSatisfy({ $0 == $1.rungs.indices.last }) else { return satisfied = nil }
        let since = satisfied ?? now
        satisfied = since
        if now - since >= Self.calm { (capacity, peak) = (nil, estimate?.rate ?? .zero) }
    }

    private func grant(_ demand: Demand, _ ladder: LayerLadder, _ place: Int?) -> LayerGrant {
        guard capacity != nil, !ladder.rungs.isEmpty else { return .upTo(demand.maximum) }
        guard let place, ladder.rungs.indices.contains(place) else { return .paused }
        return .upTo(ladder.rungs[place].layer)
    }
}
