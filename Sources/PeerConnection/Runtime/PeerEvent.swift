package import MediaCore
package import RTP

/// What a connection tells its owner.
package enum PeerEvent: Sendable {
    /// A candidate of this side, for the other one.
    case localCandidate(LocalCandidate)
    /// No further candidates follow.
    case gatheringDone
    /// The connection came up, broke or ended.
    case stateChanged(PeerConnectionState)
    /// A data channel can be used, whoever opened it.
    case dataChannelOpen(label: String)
    /// A data channel is gone.
    case dataChannelClosed(label: String)
    /// Everything given to `send` on a data channel has gone to the network.
    case dataDrained(label: String)
    /// A message arrived on a data channel.
    case data(label: String, bytes: [UInt8], isBinary: Bool)
    /// The other side sends something (else) in a section: bind by section and stream, never by source.
    case trackStarted(RemoteSection)
    /// The other side sends nothing in a section any more.
    case trackEnded(MediaID)
    /// The other side needs a picture that decoding can start from.
    case keyframeRequested(MediaID, SSRC)
    /// So many of a hundred packets sent in a section are expected to get lost now.
    case lossExpected(MediaID, percent: Int)
    /// What the path to the other side carries now.
    case sendBitrate(Bitrate)
}

/// A candidate as it goes through signaling.
package struct LocalCandidate: Hashable, Sendable {
    /// The text behind `a=`.
    package var candidate: String
    /// The section whose transport it is for: the first of the bundle.
    package var mid: String
    /// The place of that section.
    package var lineIndex: Int
}

/// The life of a connection.
package enum PeerConnectionState: Hashable, Sendable {
    /// Nothing has been negotiated.
    case new
    /// A path is being looked for, or secured.
    case connecting
    /// Media and data flow.
    case connected
    /// Nothing arrives any more though it should; it may come back by itself or by an ICE restart.
    case disconnected
    /// There is no path; only an ICE restart can help.
    case failed
    /// Either side ended it.
    case closed
}
