import Testing

@testable import RTP

@Suite("AV1 payloads")
struct AV1Tests {
    /// Sequence header (0x08) and a fragmented frame (0x30), which goes on in two more packets.
    private let key: [[UInt8]] = [
        [0x68, 3, 0x08, 0xA, 0xB, 0x30, 1, 2],
        [0xD0, 3, 4],
        [0x90, 5],
    ]

    @Test("elements become a temporal unit with a delimiter and sizes")
    func assembling() {
        #expect(
            VideoDepacketizer.av1.assemble(key)
                == [0x12, 0, 0x0A, 2, 0xA, 0xB, 0x32, 5, 1, 2, 3, 4, 5])
    }

    @Test("all elements may have lengths, also ones of two bytes")
    func explicitLengths() {
        let content = [UInt8](repeating: 7, count: 200)
        #expect(
            VideoDepacketizer.av1.assemble([[0x00, 2, 0x08, 1, 0xC9, 0x01, 0x30] + content])
                == [0x12, 0, 0x0A, 1, 1, 0x32, 0xC8, 0x01] + content)
    }

    @Test("layers keep their second byte, delimiters and tile lists go, size fields are not doubled")
    func units() {
        #expect(
            VideoDepacketizer.av1.assemble([[0x30, 1, 0x10, 4, 0x36, 0x28, 1, 9, 0x40, 1]])
                == [0x12, 0, 0x36, 0x28, 1, 9])
    }

    @Test("a picture with a gap is unusable")
    func gaps() {
        #expect(
            VideoDepacketizer.av1.assemble([key[0], key[2]]) == [
                0x12, 0, 0x0A, 2, 0xA, 0xB, 0x32, 3, 1, 2, 5,
            ])
        #expect(VideoDepacketizer.av1.assemble([key[1], key[2]]) == nil)
        #expect(VideoDepacketizer.av1.assemble([key[0], key[1]]) == nil)
        #expect(VideoDepacketizer.av1.assemble([key[0], key[0]]) == nil)
        #expect(VideoDepacketizer.av1.assemble([]) == nil)
    }

    @Test("key frames are found by the sequence bit and by a sequence header")
    func keyframes() throws {
        #expect(VideoDepacketizer.av1.inspect(key[0])?.isKeyframe == true)
        #expect(VideoDepacketizer.av1.inspect([0x20, 3, 0x08, 1, 2, 0x30, 1])?.isKeyframe == true)
        #expect(VideoDepacketizer.av1.inspect([0x10, 0x30, 1])?.isKeyframe == false)
        let fragment = try #require(VideoDepacketizer.av1.inspect([0x90, 0x08, 1]))
        #expect(!fragment.isKeyframe && !fragment.startsFrame)
        let layered = try #require(VideoDepacketizer.av1.inspect([0x10, 0x34, 0x28, 1], marker: true))
        #expect(layered.temporalLayer == 1 && layered.spatialLayer == 1 && layered.endsFrame == true)
    }

    @Test(
        "payloads that contradict themselves are dropped",
        arguments: [
            [], [0x10], [0x98, 1], [0x20, 5, 1], [0x30, 1, 0x30], [0x00, 0x80], [0x00, 2, 1],
            [0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func malformed(payload: [UInt8]) {
        #expect(VideoDepacketizer.av1.inspect(payload) == nil)
        #expect(VideoDepacketizer.av1.assemble([payload]) == nil)
    }

    @Test("an assembler is ready again after a picture, whole or not")
    func reuse() {
        var assembler = FrameAssembler(.av1)
        for payloads in [[key[0]], key] {
            var bytes: [UInt8] = []
            for payload in payloads {
                let isGood = assembler.add(payload.span, to: &bytes)
                #expect(isGood)
            }
            let isWhole = assembler.finish(&bytes)
            #expect(isWhole == (payloads.count == 3))
            #expect(Array(bytes.prefix(2)) == [0x12, 0])
        }
    }

    @Test("damaged payloads never trap")
    func mutations() {
        var mutations = Mutations(seed: 2020)
        var valid = 0
        for _ in 0..<10_000 {
            let payload = mutations.next(
                of: key + [[0x00, 2, 0x08, 1, 3, 0x32, 1, 1], [0x20, 3, 0x36, 0x28, 0, 0x30, 1]])
            if VideoDepacketizer.av1.inspect(payload) != nil { valid += 1 }
            if let bytes = VideoDepacketizer.av1.assemble([payload]) {
                #expect(bytes.count <= payload.count + 10)
            }
            _ = VideoDepacketizer.av1.assemble([key[0], payload, key[2]])
        }
        #expect((3_000..<10_000).contains(valid))
    }
}
