import MediaCore

/// A missing packet that holds up everything behind it.
struct VideoGap: Sendable {
    /// Its number.
    let sequence: Int64
    /// When the first packet behind it came.
    let since: MonotonicTime
    /// Whether a key frame was asked for because of it.
    var isAskedFor = false
}

/// How long it takes until a missing packet has come after all.
///
/// The time of the last repairs, long ones remembered for some: two round trips where one repeat in
/// ten is lost as well, and the round trip to the publisher where a room lies between.
struct RepairTime: Sendable {
    /// What a time has lost of its weight with each that follows.
    private static let forgetting = 16

    /// What most repairs need; zero before the first one.
    private(set) var usual: Duration = .zero

    /// A missing packet came after this time.
    mutating func receive(_ time: Duration) {
        usual = max(time, usual - (usual - time) / Self.forgetting)
    }
}
