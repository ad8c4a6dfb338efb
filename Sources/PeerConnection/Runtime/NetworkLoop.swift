import CNice
import Glibc
package import MediaCore

/// The one loop of the process: a thread that waits in `poll`, and the executor of every `PeerConnection`.
///
/// libnice callbacks, timers and actor jobs all run on its thread, so a received packet reaches the
/// engine by a plain
/// call. The GLib context is private: the default one belongs to the window toolkit. It lives as long
/// as the process.
package final class NetworkLoop: SerialExecutor {
    /// The loop. usrsctp calls back into whichever thread steps it, so there cannot be two.
    package static let shared = NetworkLoop()

    // SAFETY: GLib contexts, and setting the ready time of a source, are thread-safe; both live for ever.
    nonisolated(unsafe) let context: OpaquePointer
    // SAFETY: as above; written once in `init`.
    private nonisolated(unsafe) var bell: UnsafeMutablePointer<GSource>?
    // SAFETY: written in `init`, before the first job can be enqueued.
    private nonisolated(unsafe) var thread: pthread_t = 0
    // SAFETY: the loop's thread only.
    private nonisolated(unsafe) var batch: [UnownedJob] = []
    // SAFETY: the loop's thread only, as usrsctp demands.
    private nonisolated(unsafe) var sctpDriver: SCTPDriver?
    private let jobs = JobQueue<UnownedJob>()
    /// The buffers of everything that happens on the loop.
    package let packets = PacketPool()

    private init() {
        context = g_main_context_new()
        let handle = Unmanaged.passRetained(self).toOpaque()
        bell = rk_nice_make_source(context, runJobs, handle)
        let status = pthread_create(&thread, nil, runLoop, handle)
        precondition(status == 0, "cannot start the network thread")
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        if jobs.append(UnownedJob(job)) { g_source_set_ready_time(bell, 0) }
    }

    package func checkIsolated() {
        precondition(isCurrentThread, "not on the network thread")
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isCurrentThread
    }

    /// Whether the caller runs on the loop's thread.
    package var isCurrentThread: Bool {
        pthread_equal(pthread_self(), thread) != 0
    }

    /// The SCTP stack of the process with its timer. The loop's thread only.
    var sctp: SCTPDriver {
        if let sctpDriver { return sctpDriver }
        let made = SCTPDriver(on: self)
        sctpDriver = made
        return made
    }

    fileprivate func drain() {
        jobs.swap(into: &batch)
        let executor = asUnownedSerialExecutor()
        for job in batch { job.runSynchronously(on: executor) }
    }
}

private func runJobs(_ handle: UnsafeMutableRawPointer?) -> gboolean {
    guard let handle else { return 0 }
    Unmanaged<NetworkLoop>.fromOpaque(handle).takeUnretainedValue().drain()
    return 1
}

private func runLoop(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let handle else { return nil }
    nameCurrentThread("network")
    let context = Unmanaged<NetworkLoop>.fromOpaque(handle).takeUnretainedValue().context
    g_main_context_push_thread_default(context)
    let loop = g_main_loop_new(context, 0)
    g_main_loop_run(loop)
    g_main_loop_unref(loop)
    return nil
}
