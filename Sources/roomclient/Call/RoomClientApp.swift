import Devices
import Logging
import MediaCore
import RoomKit

/// One call from beginning to end: everything that runs in it is a child of `run()` and ends with it.
@MainActor
final class RoomClientApp {
    /// The others are told and devices released within this time, or we go without.
    private static let leaveTime: Duration = .milliseconds(800)

    private let settings: JoinSettings
    private let signals: SignalWatch
    private let logger: Logger
    private let start = SystemClock.now

    init(_ settings: JoinSettings, signals: SignalWatch, logger: Logger) {
        self.settings = settings
        self.signals = signals
        self.logger = logger
    }

    /// Holds the call; the status is that of the process.
    func run() async throws(ProgramError) -> ExitStatus {
        let hasWindow = try chooseView()
        let plan = try DevicePlan(
            settings.devices, inventory: .machine, console: TerminalConsole(), say: { logger.info("\($0)") })
        var log: StatisticsLog?
        if let path = settings.statistics { log = try StatisticsLog(path: path, start: start) }
        let host = try await CallHost.open(settings, logger: logger)
        let call = Call(
            settings: settings, plan: plan, host: host, log: log, signals: signals, logger: logger,
            hasWindow: hasWindow)
        let end = await call.run()
        await within(Self.leaveTime) {
            await call.leave()
            await host.close()
        }
        await call.summarize()
        let sentence = try end.outcome()
        logger.info("\(sentence)")
        return .success
    }

    /// Whether there is a window. Without a display and without `--view`, one sentence says that there is
    /// none.
    private func chooseView() throws(ProgramError) -> Bool {
        if settings.view == ViewChoice.none { return false }
        if DisplayConnection.isAvailable { return true }
        guard settings.view == nil else {
            throw .usage("There is no display to open a window on; use --view none, or set DISPLAY.")
        }
        logger.info("There is no display, so the call goes on without a window (Ctrl+C leaves).")
        return false
    }
}

/// Waits for `work`, but no longer than `limit`.
private func within(_ limit: Duration, _ work: @escaping @Sendable () async -> Void) async {
    let done = LatestValue<Bool>()
    // Not a child: what hangs must not hold the process.
    Task(name: "leave") {
        await work()
        done.store(true)
    }
    _ = await done.next(within: limit)
}
