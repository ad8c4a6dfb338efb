import Devices
import MediaCore
import Testing

@testable import roomclient

/// Who is shown, and what is said instead of a picture.
struct SceneTests {
    private let canvas = PixelSize(width: 1_280, height: 720)

    private func person(
        _ name: String, video: String? = "v", isMuted: Bool = false, isSpeaking: Bool = false
    ) -> CallScene.Person {
        CallScene.Person(
            identity: name, name: name, video: video.map { $0 + name }, isVideoMuted: isMuted,
            isSpeaking: isSpeaking)
    }

    private func scene(_ people: [CallScene.Person], camera: CallScene.Own.Device = .on) -> CallScene {
        var scene = CallScene()
        scene.update(people: people)
        scene.own.camera = camera
        return scene
    }

    private func pictures(_ slots: [FrameSlot]) -> [FrameSlot: LatestFrames.Picture] {
        Dictionary(
            uniqueKeysWithValues: slots.map {
                ($0, LatestFrames.Picture(frame: grayFrame(), shownSince: .zero, number: 1))
            })
    }

    private func texts(_ composition: Composition) -> String {
        composition.texts.map(\.text).joined(separator: "|")
    }

    @Test("the other is large and we are in the corner")
    func together() {
        var composer = Composer()
        let composition = composer.compose(
            scene([person("ann")]), pictures: pictures([.own, .remote("vann")]), canvas: canvas,
            statistics: "")
        #expect(
            composition.layers.map(\.rect) == [
                PixelRect(x: 0, y: 0, width: 1_280, height: 720),
                PixelRect(x: 940, y: 520, width: 320, height: 180),
            ])
        #expect(texts(composition) == "ann")
    }

    @Test("alone we fill the window")
    func alone() {
        var composer = Composer()
        let composition = composer.compose(
            scene([]), pictures: pictures([.own]), canvas: canvas, statistics: "")
        #expect(composition.layers.map(\.rect) == [PixelRect(x: 0, y: 0, width: 1_280, height: 720)])
        #expect(composition.texts.isEmpty)
    }

    @Test("with neither picture there is a notice that can be read")
    func waiting() {
        var composer = Composer()
        let composition = composer.compose(
            scene([], camera: .absent), pictures: [:], canvas: canvas, statistics: "")
        #expect(composition.layers.isEmpty)
        #expect(texts(composition) == "等待视频信号...|Waiting for video")
    }

    @Test("a muted, frozen or absent picture is replaced by a name")
    func notices() {
        var composer = Composer()
        for (person, word) in [
            (person("ann", isMuted: true), "camera is off"), (person("bob"), "Waiting"),
            (person("cid", video: nil), "no picture"),
        ] {
            // A muted track's last picture may still be there.
            let slots: [FrameSlot] = person.isVideoMuted ? [.own, .remote("v" + person.identity)] : [.own]
            let composition = composer.compose(
                scene([person]), pictures: pictures(slots), canvas: canvas, statistics: "")
            #expect(composition.layers.count == 1)
            #expect(texts(composition).contains(person.name) && texts(composition).contains(word))
        }
    }

    @Test("our camera switched off leaves the corner empty")
    func ownMuted() {
        var composer = Composer()
        let composition = composer.compose(
            scene([person("ann")], camera: .muted), pictures: pictures([.own, .remote("vann")]),
            canvas: canvas,
            statistics: "")
        #expect(composition.layers.count == 1)
        #expect(texts(composition).contains("Camera off"))
    }

    @Test("the help lists every key that does something, and Esc closes it")
    func help() {
        var composer = Composer()
        composer.overlay = .help
        let composition = composer.compose(scene([]), pictures: [:], canvas: canvas, statistics: "")
        #expect(texts(composition).contains("microphone off and on"))
        #expect(KeyBindings.command(for: .character("q")) == .leave)
        #expect(KeyBindings.command(for: .character("3")) == .person(3))
        #expect(KeyBindings.command(for: .character("9")) == .quieter)
        #expect(KeyBindings.command(for: .tab) == .nextPerson)
        #expect(KeyBindings.command(for: .escape) == .closeOverlay)
        #expect(KeyBindings.command(for: .character("z")) == nil)
    }

    @Test("two people never alternate: the speaker is shown and stays until another speaks")
    func speaker() {
        var focus = Focus()
        let quiet = [person("ann"), person("bob")]
        #expect(focus.update(quiet) { _ in true }?.identity == "ann")
        #expect(
            focus.update([person("ann"), person("bob", isSpeaking: true)]) { _ in true }?.identity == "bob")
        #expect(focus.update(quiet) { _ in true }?.identity == "bob")
        #expect(focus.update(quiet) { $0.identity == "ann" }?.identity == "ann")
        #expect(focus.update([]) { _ in true } == nil)
    }

    @Test("a choice by key holds against speakers and ends with the person")
    func choice() {
        var focus = Focus()
        let people = [person("ann"), person("bob", isSpeaking: true), person("cid")]
        focus.choose(number: 3, in: people)
        #expect(focus.update(people) { _ in true }?.identity == "cid")
        focus.chooseNext(in: people)
        #expect(focus.update(people) { _ in true }?.identity == "ann")
        focus.choose(number: 9, in: people)
        #expect(focus.update(people) { _ in true }?.identity == "ann")
        #expect(focus.update(Array(people.dropFirst())) { _ in true }?.identity == "bob")
    }

    @Test("people keep their order and newcomers come last")
    func order() {
        var scene = scene([person("zoe")])
        scene.update(people: [person("ann"), person("zoe"), person("bob")])
        #expect(scene.people.map(\.identity) == ["zoe", "ann", "bob"])
        scene.update(people: [person("bob"), person("ann")])
        #expect(scene.people.map(\.identity) == ["ann", "bob"])
    }
}

/// A gray picture of 1280 x 720.
func grayFrame(presentAt: MonotonicTime? = nil) -> VideoFrame {
    let frame = VideoFramePool(limit: 1).makeFrame(
        width: 1_280, height: 720, captureTime: .zero, presentAt: presentAt
    ) { planes in
        planes.y.update(repeating: 128, count: 720 * planes.yStride)
        return true
    }
    return frame!
}
