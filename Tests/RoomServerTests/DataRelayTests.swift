import Foundation
import LiveKitProtocol
import MediaCore
import SwiftProtobuf
import TestSupport
import Testing

@testable import RoomServer

@Suite("Passing data packets on")
struct DataRelayTests {
    private var room = RoomUnderTest()
    private var relay = DataRelay()
    private let anna: ParticipantSID
    private let bert: ParticipantSID
    private let carl: ParticipantSID

    init() {
        anna = room.join("anna")
        bert = room.join("bert")
        carl = room.join("carl")
        for sid in [anna, bert, carl] {
            _ = relay.opened(DataRelay.reliable, of: sid)
            _ = relay.opened(DataRelay.lossy, of: sid)
        }
    }

    private func packet(
        _ text: String = "hi", sequence: UInt32 = 0, _ change: (inout Livekit_DataPacket) -> Void = { _ in }
    ) throws -> [UInt8] {
        var packet = Livekit_DataPacket()
        packet.user.payload = Data(text.utf8)
        packet.sequence = sequence
        change(&packet)
        return try packet.serializedBytes()
    }

    private mutating func send(
        _ bytes: [UInt8], on label: String = DataRelay.reliable, from sid: ParticipantSID
    ) throws -> [DataRelay.Delivery] {
        let sender = try #require(room.state.member(sid))
        return relay.receive(bytes, on: label, from: sender, members: room.state.members)
    }

    @Test("everybody else gets a packet, with the true sender in it")
    mutating func stampsSender() throws {
        let forged = try packet { $0.participantIdentity = "carl" }
        let deliveries = try send(forged, from: anna)
        #expect(Set(deliveries.map(\.receiver)) == [bert, carl])
        let received = try Livekit_DataPacket(serializedBytes: try #require(deliveries.first).bytes)
        #expect(received.participantIdentity == "anna")
        #expect(received.participantSid == anna.text)
        #expect(received.user.participantIdentity == "anna")
    }

    @Test("named receivers only, when there are any")
    mutating func respectsDestinations() throws {
        let deliveries = try send(packet { $0.destinationIdentities = ["carl", "nobody"] }, from: anna)
        #expect(deliveries.map(\.receiver) == [carl])
    }

    @Test("a repeated reliable packet is dropped, and each sender counts for itself")
    mutating func dropsRepeats() throws {
        let first = try send(packet(sequence: 1), from: anna)
        #expect(!first.isEmpty)
        let repeated = try send(packet(sequence: 1), from: anna)
        #expect(repeated.isEmpty)
        let second = try send(packet(sequence: 2), from: anna)
        #expect(!second.isEmpty)
        let ofBert = try send(packet(sequence: 1), from: bert)
        #expect(!ofBert.isEmpty)
    }

    @Test("reliable packets wait for a channel that is not open yet, lossy ones do not")
    mutating func parksReliable() throws {
        let dora = room.join("dora")
        let early = try send(packet("one"), from: anna)
        #expect(!early.map(\.receiver).contains(dora))
        _ = try send(packet("lost"), on: DataRelay.lossy, from: anna)
        let parked = relay.opened(DataRelay.reliable, of: dora)
        #expect(parked.map(\.receiver) == [dora])
        let stillClosed = relay.opened(DataRelay.lossy, of: dora)
        #expect(stillClosed.isEmpty)
        let onTime = try send(packet("two"), from: anna)
        #expect(onTime.map(\.receiver).contains(dora))
    }

    @Test("waiting packets are bounded")
    mutating func boundsParking() throws {
        let dora = room.join("dora")
        let large = String(repeating: "x", count: 30_000)
        for _ in 0..<10 { _ = try send(packet(large), from: anna) }
        #expect(relay.opened(DataRelay.reliable, of: dora).count == 3)
    }

    @Test("without the right to publish data nothing is passed on")
    mutating func respectsPermission() throws {
        let mute = room.join("mute") { $0.canPublishData = false }
        let refused = try send(packet(), from: mute)
        #expect(refused.isEmpty)
    }

    @Test("10,000 damaged packets do not trap")
    mutating func survivesDamage() throws {
        var random = SeededGenerator(seed: 11)
        let original = try packet("hello", sequence: 5) { $0.destinationIdentities = ["bert"] }
        for _ in 0..<10_000 { _ = try send(original.damaged(using: &random), from: anna) }
    }
}
