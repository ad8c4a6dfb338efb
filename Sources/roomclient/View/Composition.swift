import Devices
import MediaCore

/// What the window shows at one moment: pictures with their places, and texts.
struct Composition {
    var layers: [WindowLayer] = []
    var texts: [WindowText] = []
    /// The remote picture that is shown, or would be if it were there.
    var watched = WatchedPicture(sid: nil, size: PixelSize(width: 0, height: 0))

    /// What makes two compositions look the same.
    struct Key: Hashable {
        var frames: [ObjectIdentifier]
        var rects: [PixelRect]
        var texts: [WindowText]
        var isMirrored: [Bool]
        var size: PixelSize
    }

    /// For a canvas of `size`.
    func key(size: PixelSize) -> Key {
        Key(
            frames: layers.map { ObjectIdentifier($0.frame) }, rects: layers.map(\.rect), texts: texts,
            isMirrored: layers.map(\.isMirrored), size: size)
    }
}

/// Decides what the window shows: who is large, who is in the corner, and what is said instead of a
/// missing picture.
struct Composer {
    /// What lies over the pictures.
    enum Overlay: Hashable { case none, statistics, help }

    var focus = Focus()
    var overlay = Overlay.none
    var isMirrored = false
    /// A sentence shown for a moment.
    var message: String?
    private var attention: Attention

    /// With `isAdaptive`, only the picture that is shown is sent to us.
    init(isAdaptive: Bool = false) {
        attention = Attention(isAdaptive: isAdaptive)
    }

    /// The picture for a scene. `pictures` holds what moves; a track that is not in it counts as frozen.
    mutating func compose(
        _ scene: CallScene, pictures: [FrameSlot: LatestFrames.Picture], canvas: PixelSize,
        statistics: String,
        at now: MonotonicTime = .zero
    ) -> Composition {
        func picture(of person: CallScene.Person) -> VideoFrame? {
            guard let sid = person.video, !person.isVideoMuted else { return nil }
            return pictures[.remote(sid)]?.frame
        }
        let current = attention
        let chosen = focus.update(scene.people) { current.isLive($0, moves: picture(of: $0) != nil) }
        attention.turn(to: chosen, moves: chosen.map { picture(of: $0) != nil } ?? false, at: now)
        // Until the picture of the one we turned to has come, the one before stays.
        let person = attention.shown(of: scene.people) { picture(of: $0) != nil } ?? chosen
        let own = scene.own.camera == .on ? pictures[.own]?.frame : nil
        var composition: Composition
        if let person {
            composition = together(person, picture(of: person), own: own, canvas: canvas)
        } else if let own {
            composition = alone(own, canvas: canvas)
        } else {
            composition = Composition(texts: waiting(canvas))
        }
        if let sid = attention.watched {
            let place = composition.layers.first { $0.frame !== own }?.rect
            composition.watched = WatchedPicture(
                sid: sid, size: place.map { PixelSize(width: $0.width, height: $0.height) } ?? canvas)
        }
        composition.texts += badges(scene, person: person, canvas: canvas) + overlays(canvas, statistics)
        return composition
    }

    private func together(
        _ person: CallScene.Person, _ frame: VideoFrame?, own: VideoFrame?, canvas: PixelSize
    ) -> Composition {
        let layout = PictureInPictureLayout(canvas: canvas, large: frame?.size, small: own?.size)
        var composition = Composition()
        if let frame {
            composition.layers.append(WindowLayer(frame: frame, rect: layout.large))
        } else {
            composition.texts += notice(for: person, canvas)
        }
        if let own, let rect = layout.small {
            composition.layers.append(WindowLayer(frame: own, rect: rect, isMirrored: isMirrored))
        }
        return composition
    }

    private func alone(_ own: VideoFrame, canvas: PixelSize) -> Composition {
        let layout = PictureInPictureLayout(canvas: canvas, large: own.size, small: nil)
        return Composition(layers: [WindowLayer(frame: own, rect: layout.large, isMirrored: isMirrored)])
    }

    private func waiting(_ canvas: PixelSize) -> [WindowText] {
        centered(["等待视频信号...", "Waiting for video"], canvas)
    }

    private func notice(for person: CallScene.Person, _ canvas: PixelSize) -> [WindowText] {
        let reason =
            switch (person.video, person.isVideoMuted) {
            case (nil, _): "no picture"
            case (_, true): "camera is off"
            case (_, false): "等待视频信号... Waiting for video"
            }
        return centered([person.name, reason], canvas)
    }

    private func centered(_ lines: [String], _ canvas: PixelSize) -> [WindowText] {
        lines.enumerated().map { index, line in
            let y = canvas.height / 2 + (2 * index - lines.count + 1) * 24
            return WindowText(
                line, x: canvas.width / 2, y: y, anchor: .center, points: index == 0 ? 26 : 18,
                hasBackground: false)
        }
    }

    /// The name of whom one sees, and what is switched off.
    private func badges(
        _ scene: CallScene, person: CallScene.Person?, canvas: PixelSize
    ) -> [WindowText] {
        var texts: [WindowText] = []
        if let person {
            texts.append(WindowText(person.name, x: 10, y: canvas.height - 10, anchor: .bottomLeft))
        }
        var states: [String] = []
        if scene.isReconnecting { states.append("Connection lost, trying to get it back") }
        if scene.own.microphone == .muted { states.append("Microphone off") }
        if scene.own.camera == .muted { states.append("Camera off") }
        if scene.own.isDeafened { states.append("Sound off") }
        if !states.isEmpty {
            texts.append(
                WindowText(
                    states.joined(separator: "\n"), x: canvas.width - 10, y: 10, anchor: .topRight,
                    color: 0xFFC040))
        }
        if let message {
            texts.append(
                WindowText(message, x: canvas.width / 2, y: canvas.height - 40, anchor: .center, points: 16))
        }
        return texts
    }

    private func overlays(_ canvas: PixelSize, _ statistics: String) -> [WindowText] {
        switch overlay {
        case .none: []
        case .statistics: [WindowText(statistics, x: 10, y: 10, points: 11)]
        case .help:
            [WindowText(KeyBindings.help, x: 10, y: 10, points: 14)]
        }
    }
}

extension VideoFrame {
    /// Width and height together.
    var size: PixelSize { PixelSize(width: width, height: height) }
}
