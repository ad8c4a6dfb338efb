import Logging
import MediaCore
import PeerConnection
import Testing

@testable import RoomKit

@Suite("A remote video track")
struct VideoReceiverTests {
    private static func frame(isKeyframe: Bool = false) -> EncodedFrame {
        EncodedFrame(
            codec: .vp8, bytes: [0], isKeyframe: isKeyframe, timestamp: 0, captureTime: .zero,
            presentAt: .zero)
    }

    @Test("whoever misses the first key picture, because the track was bound late, asks for another")
    func beginsInTheMiddle() {
        let requests = AtomicNumber()
        let receiver = VideoReceiver(sync: LipSync(), logger: Logger(label: "test")) { requests.add(1) }
        receiver.receive(video: Self.frame(), on: "0")
        #expect(requests.value == 1)
        receiver.receive(video: Self.frame(isKeyframe: true), on: "0")
        receiver.receive(video: Self.frame(), on: "0")
        #expect(requests.value == 1)
    }

    @Test("a decoder that falls behind by a whole queue goes on at a key picture that is asked for once")
    func fallsBehind() {
        let requests = AtomicNumber()
        let receiver = VideoReceiver(sync: LipSync(), logger: Logger(label: "test")) { requests.add(1) }
        receiver.receive(video: Self.frame(isKeyframe: true), on: "0")
        while requests.value == 0 { receiver.receive(video: Self.frame(), on: "0") }
        receiver.receive(video: Self.frame(isKeyframe: true), on: "0")
        receiver.receive(video: Self.frame(), on: "0")
        #expect(requests.value == 1)
    }
}
