import MediaCore
import Testing

@testable import RoomKit

@Suite("Encoding in several sizes")
struct EncodingSessionTests {
    private static let format = VideoFormat(width: 960, height: 540, framesPerSecond: 30)
    private let pool = VideoFramePool()

    private static func layers(isSimulcast: Bool = true) -> [VideoLayer] {
        VideoLayerPlan(format: format, isScreen: false, isSimulcast: isSimulcast).layers
    }

    /// A track in the middle of being encoded.
    private final class Track {
        var session: EncodingSession

        init(_ layers: [VideoLayer], isScreen: Bool = false) {
            session = EncodingSession(layers: layers, codec: .vp8, framesPerSecond: 30, isScreen: isScreen)
        }

        func encode(_ frame: VideoFrame, _ isWatched: [Bool] = [true, true, true]) -> [Output] {
            var outputs: [Output] = []
            session.encode(frame, isWatched: isWatched) { layer, frame, size in
                outputs.append(
                    Output(
                        layer: layer, width: size.width, isKeyframe: frame.isKeyframe,
                        timestamp: frame.timestamp))
            }
            return outputs
        }
    }

    private func picture(_ index: Int, width: Int = 960, height: Int = 540) throws -> VideoFrame {
        let time = MonotonicTime(microseconds: Int64(index) * 33_333)
        let frame = pool.makeFrame(width: width, height: height, captureTime: time) { planes in
            for row in 0..<height {
                for column in 0..<width {
                    planes.y[row * planes.yStride + column] = UInt8((column + row + index * 4) & 127) + 40
                }
            }
            for row in 0..<(height + 1) / 2 {
                for column in 0..<(width + 1) / 2 {
                    planes.u[row * planes.chromaStride + column] = 128
                    planes.v[row * planes.chromaStride + column] = 128
                }
            }
            return true
        }
        return try #require(frame)
    }

    private struct Output: Equatable {
        var layer: Int
        var width: Int
        var isKeyframe: Bool
        var timestamp: UInt32
    }

    @Test(
        "each picture comes in all sizes, the largest first, with one timestamp and key frames at the start")
    func sizes() throws {
        let track = Track(Self.layers())
        let first = try track.encode(picture(0))
        #expect(first.map(\.layer) == [2, 1, 0])
        #expect(first.map(\.width) == [960, 640, 320])
        #expect(Set(first.map(\.timestamp)).count == 1)
        #expect(first.allSatisfy { $0.isKeyframe })
        #expect(try track.encode(picture(1)).allSatisfy { !$0.isKeyframe })
        #expect(track.session.limitation == .none)
    }

    @Test("a request for a key frame of a layer that has gone to sleep is answered in the next smaller one")
    func keyframeOfSleepingLayer() throws {
        let track = Track(Self.layers())
        _ = try track.encode(picture(0))
        track.session.requestKeyframe(of: 2)
        #expect(try track.encode(picture(1), [true, true, false]).filter(\.isKeyframe).map(\.layer) == [1])
        #expect(try track.encode(picture(2), [true, true, false]).allSatisfy { !$0.isKeyframe })
    }

    @Test("a request for a key frame is answered in its layer only")
    func keyframeOfOneLayer() throws {
        let track = Track(Self.layers())
        _ = try track.encode(picture(0))
        track.session.requestKeyframe(of: 1)
        #expect(try track.encode(picture(1)).filter(\.isKeyframe).map(\.layer) == [1])
    }

    @Test("layers that nobody watches are not encoded, and come back with a key frame")
    func dynacast() throws {
        let track = Track(Self.layers())
        _ = try track.encode(picture(0))
        #expect(try track.encode(picture(1), [true, false, false]).map(\.layer) == [0])
        #expect(track.session.bitrate == Self.layers().first?.maximum)
        #expect(!track.session.isActive(2))
        #expect(try track.encode(picture(2), [false, false, false]).isEmpty)
        #expect(track.session.bitrate == .zero)
        let back = try track.encode(picture(3))
        #expect(back.map(\.layer) == [2, 1, 0] && back.allSatisfy { $0.isKeyframe })
    }

    @Test("when the path is narrow the top layer goes, and what is aimed at stays below it")
    func narrow() throws {
        let track = Track(Self.layers())
        track.session.limit = .kilobits(100)
        let outputs = try track.encode(picture(0))
        #expect(!outputs.isEmpty && !outputs.contains { $0.layer == 2 })
        #expect(track.session.bitrate <= .kilobits(100))
        #expect(track.session.limitation == .bandwidth)
    }

    @Test("a camera in one size becomes smaller when the path is narrow, and keeps its stream")
    func fallback() throws {
        let track = Track(Self.layers(isSimulcast: false))
        #expect(try track.encode(picture(0)).map(\.width) == [960])
        track.session.limit = .kilobits(30)
        let small = try track.encode(picture(1))
        #expect(small.map(\.layer) == [0] && small.map(\.width) == [480])
        #expect(small.first?.isKeyframe == true)
        #expect(track.session.isActive(0))
    }

    @Test("a screen that gets few bits comes less often, not smaller")
    func screen() throws {
        let plan = VideoLayerPlan(
            format: VideoFormat(width: 960, height: 540, framesPerSecond: 30), isScreen: true,
            isSimulcast: false)
        let track = Track(plan.layers, isScreen: true)
        track.session.limit = plan.layers[0].maximum * 0.1
        var outputs: [Output] = []
        for index in 0..<60 { outputs += try track.encode(picture(index)) }
        #expect(outputs.allSatisfy { $0.width == 960 })
        #expect((4...16).contains(outputs.count))
    }

    @Test("a camera that changes its size is followed in all layers")
    func sizeChange() throws {
        let track = Track(Self.layers())
        _ = try track.encode(picture(0))
        let outputs = try track.encode(picture(1, width: 480, height: 270))
        #expect(outputs.map(\.width) == [480, 320, 160])
        #expect(outputs.allSatisfy { $0.isKeyframe })
    }
}
