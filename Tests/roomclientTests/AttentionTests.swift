import Devices
import MediaCore
import Testing

@testable import roomclient

/// Whose picture is asked for when only the one that is shown is sent.
struct AttentionTests {
    private let canvas = PixelSize(width: 1_280, height: 720)

    private func person(
        _ name: String, isMuted: Bool = false, isSpeaking: Bool = false
    ) -> CallScene.Person {
        CallScene.Person(
            identity: name, name: name, video: "v" + name, isVideoMuted: isMuted, isSpeaking: isSpeaking)
    }

    private func compose(
        _ composer: inout Composer, _ people: [CallScene.Person], moving: [String], seconds: Int
    ) -> Composition {
        var scene = CallScene()
        scene.update(people: people)
        let pictures = moving.map {
            (
                FrameSlot.remote("v" + $0),
                LatestFrames.Picture(frame: grayFrame(), shownSince: .zero, number: 1)
            )
        }
        return composer.compose(
            scene, pictures: Dictionary(uniqueKeysWithValues: pictures), canvas: canvas, statistics: "",
            at: MonotonicTime(nanoseconds: Int64(seconds) * 100_000_000))
    }

    @Test("the picture that is shown is asked for at the size at which it is drawn")
    func drawnSize() {
        var composer = Composer(isAdaptive: true)
        let composition = compose(&composer, [person("ann"), person("bob")], moving: ["ann"], seconds: 0)
        #expect(composition.watched == WatchedPicture(sid: "vann", size: canvas))
        #expect(compose(&composer, [], moving: [], seconds: 1).watched.sid == nil)
        let muted = compose(&composer, [person("ann", isMuted: true)], moving: ["ann"], seconds: 2)
        #expect(muted.watched.sid == nil)
    }

    @Test("turning to a speaker keeps the picture before until the new one comes")
    func turning() {
        var composer = Composer(isAdaptive: true)
        _ = compose(&composer, [person("ann"), person("bob")], moving: ["ann"], seconds: 0)
        let people = [person("ann"), person("bob", isSpeaking: true)]
        let turning = compose(&composer, people, moving: ["ann"], seconds: 10)
        #expect(turning.watched.sid == "vbob")
        #expect(turning.layers.count == 1)
        #expect(turning.texts.map(\.text) == ["ann"])
        let arrived = compose(&composer, people, moving: ["ann", "bob"], seconds: 13)
        #expect(arrived.watched.sid == "vbob")
        #expect(arrived.texts.map(\.text) == ["bob"])
        // Whom we do not see any more is not sent, and that is no reason to turn back.
        let later = compose(&composer, [person("ann"), person("bob")], moving: ["bob"], seconds: 100)
        #expect(later.watched.sid == "vbob")
    }

    @Test("a picture that was asked for and does not come loses its turn, for good")
    func dark() {
        var composer = Composer(isAdaptive: true)
        let people = [person("ann"), person("bob", isSpeaking: true)]
        _ = compose(&composer, [person("ann"), person("bob")], moving: ["ann"], seconds: 0)
        for time in 10...60 { _ = compose(&composer, people, moving: ["ann"], seconds: time) }
        for time in 61...200 {
            #expect(compose(&composer, people, moving: ["ann"], seconds: time).watched.sid == "vann")
        }
    }

    @Test("without it, only pictures that move count")
    func notAdaptive() {
        var composer = Composer()
        let people = [person("ann"), person("bob", isSpeaking: true)]
        #expect(compose(&composer, people, moving: ["ann"], seconds: 0).watched.sid == "vann")
    }
}
