internal import Foundation
internal import LiveKitProtocol
internal import Logging
internal import MediaCore
internal import PeerConnection
internal import SwiftProtobuf

/// Data messages in both directions, and changes of our own record.
extension Room {
    /// Largest message that every SDK takes, framing included.
    private static let maximumMessage = 64_000

    /// Sends bytes; waits until the channel is open.
    func send(_ bytes: [UInt8], _ options: DataPublishOptions) async throws(RoomError) {
        let session = try connectedSession()
        guard state.local.permissions.canPublishData else {
            throw RoomError(
                .permission, "The token does not allow sending data; ask for one with that grant.")
        }
        let label = options.reliable ? DataChannelLabel.reliable : DataChannelLabel.lossy
        try await waitUntilOpen(label, session)
        var packet = Livekit_DataPacket()
        packet.destinationIdentities = options.destinationIdentities.map(\.stringValue)
        packet.user.payload = Data(bytes)
        if let topic = options.topic { packet.user.topic = topic }
        packet.kind = options.reliable ? .reliable : .lossy
        if options.reliable {
            packet.sequence = session.nextDataSequence
            session.nextDataSequence &+= 1
        }
        try await transmit(packet, on: label, session)
    }

    private func transmit(
        _ packet: Livekit_DataPacket, on label: String, _ session: RoomSession
    ) async throws(RoomError) {
        let message: [UInt8]
        do { message = try packet.serializedBytes() } catch {
            throw RoomError(.data, "The message cannot be encoded: \(error)", underlying: error)
        }
        guard message.count <= Self.maximumMessage else {
            throw RoomError(
                .data,
                "A message may have at most \(Self.maximumMessage) bytes with its header; send it in pieces.")
        }
        do {
            try await session.publisher.send(message, on: label)
        } catch {
            throw RoomError(.data, "The message was not sent: \(error)", underlying: error)
        }
    }

    private func waitUntilOpen(_ label: String, _ session: RoomSession) async throws(RoomError) {
        if session.openChannels.contains(label) { return }
        let done = LatestValue<Bool>()
        session.channelWaiters.append((label, done))
        guard await done.next(within: .seconds(15)) == true else {
            throw RoomError(.timedOut, "The data channel did not open within 15 seconds; try to join again.")
        }
    }

    func open(channel label: String, _ session: RoomSession) {
        session.openChannels.insert(label)
        for waiter in session.channelWaiters where waiter.label == label { waiter.done.store(true) }
        session.channelWaiters.removeAll { $0.label == label }
    }

    /// One message of a data channel; what cannot be read is ignored.
    func receive(_ bytes: [UInt8], on label: String) {
        guard let session, let packet = try? Livekit_DataPacket(serializedBytes: bytes) else { return }
        let isReliable = label == DataChannelLabel.reliable
        if isReliable && packet.sequence > 0 {
            // A resumed sender repeats what it does not know to have arrived.
            let last = session.lastDataSequences[packet.participantSid] ?? 0
            guard packet.sequence > last else { return }
            session.lastDataSequences[packet.participantSid] = packet.sequence
        }
        switch packet.value {
        case .user(let user): emit(.dataReceived(message(user, packet, isReliable)))
        case .sipDtmf(let tone):
            let sender = ParticipantIdentity(packet.participantIdentity)
            emit(.sipDTMFReceived(SipDTMF(participant: sender, code: Int(tone.code), digit: tone.digit)))
        case .transcription(let transcription): emit(Self.event(transcription))
        default: break
        }
    }

    private func message(
        _ user: Livekit_UserPacket, _ packet: Livekit_DataPacket, _ isReliable: Bool
    ) -> DataMessage {
        let identity =
            packet.participantIdentity.isEmpty ? user.participantIdentity : packet.participantIdentity
        return DataMessage(
            participant: identity.isEmpty ? nil : state.participant(identity: identity),
            data: [UInt8](user.payload),
            topic: user.hasTopic ? user.topic : nil, isReliable: isReliable)
    }

    private static func event(_ transcription: Livekit_Transcription) -> RoomEvent {
        let segments = transcription.segments.map {
            TranscriptionSegment(id: $0.id, text: $0.text, language: $0.language, isFinal: $0.final)
        }
        let speaker = transcription.transcribedParticipantIdentity
        return .transcriptionReceived(
            segments, participant: speaker.isEmpty ? nil : ParticipantIdentity(speaker))
    }

    /// Asks the server to change our own record.
    func updateMetadata(
        _ change: @Sendable (inout Livekit_UpdateParticipantMetadata) -> Void
    ) async throws(RoomError) {
        let session = try connectedSession()
        guard state.local.permissions.canUpdateMetadata else {
            throw RoomError(
                .permission,
                "The token does not allow changing the own name, metadata or attributes; ask for that grant.")
        }
        var message = Livekit_UpdateParticipantMetadata()
        change(&message)
        await session.signal.send(.updateMetadata(message))
    }
}
