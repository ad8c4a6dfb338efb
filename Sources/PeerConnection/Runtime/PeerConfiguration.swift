package import MediaCore

/// How a connection is set up.
package struct PeerConfiguration: Sendable {
    /// STUN and TURN servers; may also come later by `update(iceServers:)`.
    package var iceServers: [ICEServer] = []
    /// Which candidates may be used.
    package var transportPolicy = ICETransportPolicy.all
    /// Whether 127.0.0.1 is a candidate too: when the other side may be on this machine.
    package var includesLoopback = false
    /// The addresses to bind to; empty means every interface.
    package var bindAddresses: [String] = []
    /// The UDP and TCP ports to use; `nil` means any.
    package var portRange: ClosedRange<UInt16>?
    /// Whether candidates over TCP are made and used.
    package var allowsTCP = true
    /// What is done with media.
    package var mediaMode = MediaMode.frames
    /// The codecs of pictures that may be received; empty = all that are known. So tests make poor receivers.
    package var receivedVideoCodecs: [MediaCodec] = []
    /// How long nothing may arrive while media is being sent, before the path counts as broken.
    package var silenceLimit = Duration.seconds(7)

    /// A PEM file with authorities trusted on top of the system's, for TURN over TLS.
    package var certificateAuthorityFile: String?

    /// Makes the configuration of a participant with no servers.
    package init() {}
}
