import Logging
import MediaCore
import PeerTransport

// Data channels.
extension PeerConnection {
    /// Opens a data channel, now or as soon as the connection is up; one of this name stays as it is.
    package func openDataChannel(_ label: String, isOrdered: Bool = true, maximumRetransmits: UInt32? = nil) {
        let reliability = maximumRetransmits.map { DataChannelDescription.Reliability.maxRetransmits($0) }
        let description = DataChannelDescription(
            label: label, isOrdered: isOrdered, reliability: reliability ?? .reliable)
        guard channels.want(description) else { return }
        negotiation.addDataSection()
        openWantedChannels()
    }

    /// Sends a message on a data channel; it waits while the channel is being opened.
    package func send(
        _ bytes: [UInt8], on label: String, isBinary: Bool = true
    ) throws(PeerConnectionError) {
        guard state != .closed else { throw .closed }
        guard channels.contains(label) else { throw .noDataChannel(label: label) }
        let limit = min(negotiation.remoteMaximumMessageSize, Negotiation.maximumMessageSize)
        guard bytes.count <= limit else { throw .messageTooLong(limit: limit) }
        guard let association, let stream = channels.stream(of: label) else {
            let message = DataChannelTable.WaitingMessage(bytes: bytes, isText: !isBinary)
            guard channels.park(message, on: label) else { throw .dataQueueFull(label: label) }
            return
        }
        let isAccepted = association.send(bytes, isText: !isBinary, on: stream)
        settleData()
        guard isAccepted else { throw .dataQueueFull(label: label) }
    }

    /// Whether both sides have the data channel.
    package func isDataChannelOpen(_ label: String) -> Bool {
        channels.isOpen(label)
    }

    /// Bytes that wait to be sent on a data channel.
    package func bufferedAmount(on label: String) -> Int {
        guard let association, let stream = channels.stream(of: label) else { return 0 }
        return association.bufferedAmount(on: stream)
    }

    /// Starts SCTP once DTLS is up and a data section has been negotiated.
    func startData() {
        guard association == nil, isSecure, let role = negotiation.dtlsRole,
            negotiation.sections.contains(where: { $0.kind == .application && $0.remote?.isRejected == false }
            )
        else { return }
        let settings = SCTPSettings(role: role, maximumMessage: negotiation.remoteMaximumMessageSize)
        do throws(SCTPError) {
            association = try NetworkLoop.shared.sctp.stack.makeAssociation(
                settings, at: SystemClock.now,
                send: { [weak self] packet in
                    nonisolated(unsafe) let packet = packet  // SAFETY: used before this call returns.
                    self?.assumeIsolated { $0.encrypt(packet) }
                },
                notify: { [weak self] in self?.assumeIsolated { $0.settleData() } })
        } catch {
            logger.error("cannot start SCTP", metadata: ["error": "\(error)"])
        }
        openWantedChannels()
        settleData()
    }

    /// Passes on what happened on the channels.
    func drainData() {
        while let event = association?.nextEvent() { perform(event) }
        NetworkLoop.shared.sctp.arm()
    }

    /// Ends all channels.
    func closeData() {
        guard let association else { return }
        association.close()
        drainSecurity()
        self.association = nil
        NetworkLoop.shared.sctp.arm()
    }

    private func openWantedChannels() {
        guard let association else { return }
        for description in channels.unopened {
            guard let stream = association.open(description) else { continue }
            for message in channels.assign(stream, to: description.label) {
                _ = association.send(message.bytes, isText: message.isText, on: stream)
            }
        }
        settleData()
    }

    /// SCTP is running further up the stack: encrypt, and send at once unless the DTLS loop is doing
    /// that already.
    private func encrypt(_ packet: UnsafeRawBufferPointer) {
        _ = dtls?.send(packet)
        drainSecurity()
    }

    private func settleData() {
        drainSecurity()
        drainData()
    }

    private func perform(_ event: DataChannelEvent) {
        switch event {
        case .connected: break
        case .opened(let stream, let description, _):
            channels.opened(stream, label: description.label)
            emit(.dataChannelOpen(label: description.label))
        case .message(let stream, let bytes, let isText):
            guard let label = channels.label(of: stream) else { return }
            emit(.data(label: label, bytes: bytes, isBinary: !isText))
        case .drained(let stream):
            if let label = channels.label(of: stream) { emit(.dataDrained(label: label)) }
        case .closed(let stream):
            if let label = channels.closed(stream) { emit(.dataChannelClosed(label: label)) }
        case .disconnected:
            logger.debug("data association ended")
            for label in channels.removeAll() { emit(.dataChannelClosed(label: label)) }
        }
    }
}
