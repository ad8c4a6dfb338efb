import SwiftProtobuf
import Testing

@testable import LiveKitProtocol

@Suite("Protocol messages")
struct GeneratedMessageTests {
    @Test("field numbers are those on the wire")
    func wireFormat() throws {
        var request = Livekit_SignalRequest()
        request.pingReq = Livekit_Ping.with {
            $0.timestamp = 5
            $0.rtt = 7
        }
        #expect(try request.serializedBytes() as [UInt8] == [0x82, 0x01, 0x04, 0x08, 0x05, 0x10, 0x07])
    }

    @Test("a member this version does not know leaves the message empty, not broken")
    func unknownMember() throws {
        // Field 99, one byte of content.
        let response = try Livekit_SignalResponse(serializedBytes: [0x9A, 0x06, 0x01, 0x41])
        #expect(response.message == nil)
    }
}
