import CNice
package import MediaCore

/// One timer on the network loop. Made, set and cancelled on the loop's thread only.
package final class LoopTimer {
    private var source: UnsafeMutablePointer<GSource>?
    private let fire: () -> Void

    /// Makes a timer that sleeps; `fire` runs on the loop each time the set time has come.
    package init(on loop: NetworkLoop, fire: @escaping () -> Void) {
        self.fire = fire
        source = rk_nice_make_source(loop.context, fireTimer, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        cancel()
    }

    /// Fires at `time`, once; `nil` puts the timer to sleep. Replaces the time set before.
    package func set(_ time: MonotonicTime?) {
        // Rounded up, so that the machine that asked finds its deadline reached.
        let microseconds = time.map { $0.nanoseconds / 1_000 &+ 1 } ?? -1
        g_source_set_ready_time(source, Int(max(-1, microseconds)))
    }

    /// Ends the timer for good.
    package func cancel() {
        guard let source else { return }
        g_source_destroy(source)
        g_source_unref(source)
        self.source = nil
    }

    fileprivate func run() {
        fire()
    }
}

private func fireTimer(_ handle: UnsafeMutableRawPointer?) -> gboolean {
    guard let handle else { return 0 }
    Unmanaged<LoopTimer>.fromOpaque(handle).takeUnretainedValue().run()
    return 1
}
