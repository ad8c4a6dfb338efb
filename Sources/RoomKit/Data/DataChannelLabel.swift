/// The data channels every LiveKit participant opens.
enum DataChannelLabel {
    static let reliable = "_reliable"
    static let lossy = "_lossy"
    static let all = [reliable, lossy]
}
