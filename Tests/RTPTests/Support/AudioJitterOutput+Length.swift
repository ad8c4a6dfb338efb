import RTP

extension AudioJitterOutput {
    /// How many milliseconds of sound this makes when packets last 20 ms and a change of tempo is worth 5 ms.
    var milliseconds: Double {
        switch self {
        case .packet(_, let tempo), .lost(_, let tempo): 20 + tempo.milliseconds
        case .late, .silence: 10
        }
    }
}

extension AudioTempo {
    fileprivate var milliseconds: Double {
        switch self {
        // The sound of these tests has no pauses.
        case .even, .faster(.pause), .slower(.pause): 0
        case .faster: -5
        case .slower: 5
        }
    }
}
