import Devices
import MediaCore

/// Shows the call in the window until the user closes it: draws what is new, passes keys on.
///
/// Runs on the main thread; a turn takes as long as the event pump, 8 ms, plus drawing when something has
/// changed.
@MainActor
final class DisplayTask {
    /// A picture that is not followed by a new one for so long is not shown any more.
    static let freshness: Duration = .seconds(3)
    private static let messageTime: Duration = .seconds(3)

    private let window: VideoWindow
    private let frames: LatestFrames
    private let counters: ViewCounters
    private let board: CallBoard
    private var composer: Composer
    private var watched: WatchedPicture?
    private var scene = CallScene()
    private var statistics = "The first statistics come in a second."
    private var shown: Composition.Key?
    private var messageEnd = MonotonicTime.zero

    /// Opens the window.
    init(
        board: CallBoard, frames: LatestFrames, counters: ViewCounters, isAdaptive: Bool
    ) throws(DeviceError) {
        composer = Composer(isAdaptive: isAdaptive)
        window = try VideoWindow(title: "roomclient", width: 1_280, height: 720)
        self.board = board
        self.frames = frames
        self.counters = counters
    }

    /// Returns when the user wants to leave or the task is cancelled.
    func run() async {
        defer { window.close() }
        while !Task.isCancelled, !window.isClosed {
            let now = SystemClock.now
            let pictures = await frames.snapshot(at: now, freshWithin: Self.freshness)
            draw(pictures, at: now)
            guard let key = window.pumpEvents(), let command = KeyBindings.command(for: key) else { continue }
            if command == .leave { return }
            perform(command, pictures, at: now)
        }
    }

    private func draw(_ pictures: [FrameSlot: LatestFrames.Picture], at now: MonotonicTime) {
        readBoard(at: now)
        let composition = composer.compose(
            scene, pictures: pictures, canvas: window.size, statistics: statistics, at: now)
        if composition.watched != watched {
            watched = composition.watched
            board.watched.store(composition.watched)
        }
        let key = composition.key(size: window.size)
        guard key != shown else { return }
        if key.frames.first != shown?.frames.first { counters.shown.add(1) }
        shown = key
        window.show(composition.layers, texts: composition.texts)
        counters.width.value = window.size.width
        counters.height.value = window.size.height
    }

    private func readBoard(at now: MonotonicTime) {
        if let new = board.scene.takeIfPresent() { scene = new }
        if let new = board.statistics.takeIfPresent() { statistics = new }
        if let message = board.message.takeIfPresent() {
            composer.message = message
            messageEnd = now + Self.messageTime
        } else if now >= messageEnd {
            composer.message = nil
        }
    }

    private func perform(
        _ command: ViewCommand, _ pictures: [FrameSlot: LatestFrames.Picture], at now: MonotonicTime
    ) {
        switch command {
        case .nextPerson: composer.focus.chooseNext(in: scene.people)
        case .person(let number): composer.focus.choose(number: number, in: scene.people)
        case .toggleMirror: composer.isMirrored.toggle()
        case .toggleFullscreen: window.isFullscreen.toggle()
        case .toggleStatistics: toggle(.statistics)
        case .toggleHelp: toggle(.help)
        case .closeOverlay:
            composer.overlay = .none
            composer.focus.chooseNobody()
        case .savePicture: savePicture()
        case .toggleMicrophone, .toggleCamera, .toggleDeafened, .louder, .quieter, .leave: board.ask(command)
        }
    }

    private func toggle(_ overlay: Composer.Overlay) {
        composer.overlay = composer.overlay == overlay ? .none : overlay
    }

    private func savePicture() {
        let path = "roomclient-\(SystemClock.now.milliseconds).png"
        do {
            try window.savePicture(to: path)
            board.tell("Saved \(path)")
        } catch {
            board.tell(error.description)
        }
    }
}
