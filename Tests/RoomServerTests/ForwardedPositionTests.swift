import MediaCore
import Testing

@testable import RTP
@testable import RoomServer

@Suite("Headers as a subscriber sees them")
struct ForwardedPositionTests {
    @Test("number, time and marker are the subscriber's")
    func numbers() {
        var header = RTPHeader(
            payloadType: PayloadType(96), sequenceNumber: 65_535, timestamp: .max, ssrc: SSRC(7))
        ForwardedPosition(sequenceNumber: 3, timestamp: 4, isMarked: true)
            .write(to: &header, of: .vp8, isOneStream: true)
        #expect(header.sequenceNumber == 3 && header.timestamp == 4 && header.marker)
        #expect(header.payloadType == PayloadType(96) && header.ssrc == SSRC(7))
    }

    @Test(
        "a descriptor of dependencies goes on where what it says stays true",
        arguments: [(.av1, true, true), (.av1, false, false), (.vp9, true, false), (.vp9, false, false)]
            as [(MediaCodec, Bool, Bool)])
    func dependencies(codec: MediaCodec, isOneStream: Bool, stays: Bool) {
        var header = RTPHeader(payloadType: PayloadType(96), sequenceNumber: 1, timestamp: 2, ssrc: SSRC(7))
        header.extensions.setRawRange(of: .dependencyDescriptor, to: 20..<23)
        ForwardedPosition(sequenceNumber: 3, timestamp: 4, isMarked: true)
            .write(to: &header, of: codec, isOneStream: isOneStream)
        #expect((header.extensions.rawRange(of: .dependencyDescriptor) != nil) == stays)
    }
}
