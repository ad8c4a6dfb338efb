import RTP
import Testing

@testable import RoomServer

@Suite("Payloads as a subscriber sees them")
struct PayloadRewriterTests {
    private static func position(needsSmallerSize: Bool = false, picture: VP8Counters? = nil)
        -> ForwardedPosition
    {
        ForwardedPosition(
            sequenceNumber: 1, timestamp: 2, isMarked: false, picture: picture,
            needsSmallerSize: needsSmallerSize)
    }

    private static func rewritten(_ payload: [UInt8], at position: ForwardedPosition) -> [UInt8]? {
        var rewriter = PayloadRewriter()
        return rewriter.rewrite(payload.span, at: position) ? rewriter.bytes : nil
    }

    @Test("a larger size of VP9 says that it needs the smaller one; nothing else changes")
    func dependence() {
        // Flexible mode: picture 0x0102, temporal layer 2, size 1, one reference; then one with a short number.
        for payload in [[0xF9, 0x81, 0x02, 0x42, 0x02, 0xEE], [0xF9, 0x05, 0x42, 0x02, 0xEE]] as [[UInt8]] {
            let output = Self.rewritten(payload, at: Self.position(needsSmallerSize: true))
            #expect(output == payload.map { $0 == 0x42 ? 0x43 : $0 })
            #expect(Self.rewritten(payload, at: Self.position()) == nil)
        }
    }

    @Test(
        "what says so already, names no sizes or cannot be read goes on as it is",
        arguments: [[0xF9, 0x05, 0x43, 0x02, 0xEE], [0x88, 0x05, 0xEE], [], [0xF9]] as [[UInt8]])
    func unchanged(payload: [UInt8]) {
        #expect(Self.rewritten(payload, at: Self.position(needsSmallerSize: true)) == nil)
    }

    @Test("VP8 gets the counters of the stream that the subscriber sees, in the long form")
    func counters() throws {
        let picture = VP8Counters(
            pictureID: 0x0123, hasLongPictureID: false, baseLayerIndex: 9, keyIndex: 3)
        let output = try #require(
            Self.rewritten([0x90, 0xE0, 0x05, 0x07, 0x40, 0xEE, 0xEF], at: Self.position(picture: picture)))
        let descriptor = VP8Descriptor(parsing: output.span)
        #expect(descriptor?.pictureID == 0x0123 && descriptor?.tl0PictureIndex == 9)
        #expect(descriptor?.temporalLayer == 1 && output.suffix(2) == [0xEE, 0xEF])
        #expect(output.count == 8)
    }
}
