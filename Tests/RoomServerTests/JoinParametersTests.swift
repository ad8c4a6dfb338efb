import MediaCore
import Foundation
import LiveKitProtocol
import SwiftProtobuf
import TestSupport
import Testing

@testable import RoomServer

@Suite("What a client asks for")
struct JoinParametersTests {
    private static func query(_ request: Livekit_JoinRequest) throws -> String {
        var wrapped = Livekit_WrappedJoinRequest()
        wrapped.joinRequest = try request.serializedBytes()
        let bytes: [UInt8] = try wrapped.serializedBytes()
        return Data(bytes).base64EncodedString()
    }

    @Test("a join request means a single connection and carries its offer")
    func readsJoinRequest() throws {
        var request = Livekit_JoinRequest()
        request.connectionSettings.autoSubscribe = true
        request.clientInfo.clientProtocol = 2
        request.publisherOffer.sdp = "v=0"
        let parameters = try #require(
            JoinParameters(query: ["join_request": Self.query(request)], requiresJoinRequest: true))
        #expect(parameters.shape == .single)
        #expect(parameters.isAutoSubscribing)
        #expect(parameters.client.clientProtocol == 2)
        #expect(parameters.offer?.sdp == "v=0")
    }

    @Test("without saying so, a join request does not subscribe")
    func defaultsOfJoinRequest() throws {
        let query = try ["join_request": Self.query(Livekit_JoinRequest())]
        #expect(JoinParameters(query: query, requiresJoinRequest: true)?.isAutoSubscribing == false)
    }

    @Test(
        "both alphabets of base64 are read, with and without padding",
        arguments: ["+/+/+w==", "-_-_-w", " / /+w"])
    func readsEveryAlphabet(text: String) {
        #expect(LenientBase64.decode(text) == [0xFB, 0xFF, 0xBF, 0xFB])
    }

    @Test("the newer path needs a join request, the older one does not")
    func requiresJoinRequest() {
        #expect(JoinParameters(query: [:], requiresJoinRequest: true) == nil)
        #expect(JoinParameters(query: [:], requiresJoinRequest: false)?.shape == .dual)
    }

    @Test("query items say who the client is and what it wants")
    func readsItems() throws {
        let items = [
            "sdk": "python", "protocol": "18", "client_protocol": "2", "auto_subscribe": "0",
            "reconnect": "1",
            "capabilities": "CAP_PACKET_TRAILER,CAP_UNKNOWN",
            "attributes": Data(#"{"mood":"calm"}"#.utf8).base64EncodedString(),
        ]
        let parameters = try #require(JoinParameters(query: items, requiresJoinRequest: false))
        #expect(parameters.client.sdk == .python)
        #expect(parameters.client.protocol == 18)
        #expect(parameters.client.capabilities == [.capPacketTrailer])
        #expect(!parameters.isAutoSubscribing)
        #expect(parameters.isResuming)
        #expect(parameters.attributes == ["mood": "calm"])
    }

    @Test("10,000 damaged join requests do not trap")
    func survivesDamage() throws {
        var request = Livekit_JoinRequest()
        request.publisherOffer.sdp = String(repeating: "a=mid:0\r\n", count: 10)
        let original = Array(try Self.query(request).utf8)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<10_000 {
            let text = String(decoding: original.damaged(using: &random), as: UTF8.self)
            _ = JoinParameters(query: ["join_request": text], requiresJoinRequest: true)
        }
    }
}
