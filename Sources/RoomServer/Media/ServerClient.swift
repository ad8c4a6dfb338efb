import LiveKitProtocol
import Logging
import MediaCore
import PeerConnection
import RTP
import SwiftProtobuf

/// One participant as its room serves it: the way to its WebSocket and its media connections.
///
/// Belongs to the room and is used on the network loop only.
final class ServerClient {
    /// The session.
    let sid: ParticipantSID
    /// What it showed when it came in.
    let admission: Admission
    let logger: Logger
    /// The way to its WebSocket.
    let mailbox: Mailbox
    /// The connection the client offers on; with a single one, both directions.
    let publisher: PeerConnection
    /// The connection the server offers on; `nil` with a single one.
    let subscriber: PeerConnection?
    /// Which section carries which track to it.
    var plan = SectionPlan()
    /// When a new exchange of descriptions may begin.
    var pacer: ExchangePacer
    /// Number of the last offer of the server.
    var offerNumber: UInt32
    /// What it publishes, by section.
    var published: [PublishedTrack] = []
    /// Sections in which it sends something that it has not announced yet.
    var parked: [PublishedSection] = []
    /// Sections in which it sends or has sent.
    var usedForSending: Set<MediaID> = []
    /// What it receives.
    var downlinks: [Downlink] = []
    /// How much of what it sends is lost.
    var lossMeter = LossMeter()
    /// What of the tracks it watches fits through its way down.
    var allocation = DownlinkAllocation()
    /// The rate its connection was told to probe for.
    var toldWanted = Bitrate.zero
    /// When its way down was last shared.
    var allocated: MonotonicTime?
    /// Whether the connection that carries media to it is up.
    var isReceiving = false

    /// Makes the connections for a client.
    init(
        sid: ParticipantSID, admission: Admission, mailbox: Mailbox, configuration: PeerConfiguration,
        offerNumber: UInt32, logger: Logger
    ) {
        self.sid = sid
        self.admission = admission
        self.mailbox = mailbox
        self.offerNumber = offerNumber
        self.logger = logger
        let isSingle = admission.parameters.shape == .single
        publisher = PeerConnection(configuration: configuration, logger: logger)
        subscriber = isSingle ? nil : PeerConnection(configuration: configuration, logger: logger)
        // With a single connection the first exchange is the client's.
        pacer = ExchangePacer(isBusy: isSingle)
    }

    /// The connection that carries media to the client.
    var downstream: PeerConnection { subscriber ?? publisher }

    /// The connection whose establishment makes the participant active.
    var primary: PeerConnection {
        admission.entry.isSubscriberPrimary ? downstream : publisher
    }

    /// The connection on which the client listens for data.
    var dataDownstream: PeerConnection { primary }

    /// Sends a message to the client.
    func send(_ message: Livekit_SignalResponse.OneOf_Message) {
        var response = Livekit_SignalResponse()
        response.message = message
        guard let bytes: [UInt8] = try? response.serializedBytes() else { return }
        mailbox.post(bytes)
    }
}
