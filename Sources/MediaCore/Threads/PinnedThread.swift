import Glibc
import Synchronization

/// A thread of its own for a task that blocks: camera, microphone, speaker, encoder, decoder.
///
/// A task started with this executor preference stays on the thread for its whole life, also across `await`, so
/// blocking calls never take a thread of the pool away. Keep a reference until the task has ended; the thread
/// ends when the last reference goes.
package final class PinnedThread: TaskExecutor {
    private let worker: Worker

    /// Starts a thread called `name` (the kernel keeps 15 characters of it).
    package init(name: String) {
        worker = Worker(name: name)
        worker.executor = asUnownedTaskExecutor()
        startThread(worker)
    }

    deinit {
        worker.isFinished.store(true, ordering: .releasing)
        worker.wake()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        if worker.jobs.append(UnownedJob(job)) { worker.wake() }
    }
}

/// What the thread keeps alive: its queue and its bell, but not the executor, whose end is what ends the thread.
private final class Worker: Sendable {
    let name: String
    let jobs = JobQueue<UnownedJob>()
    let isFinished = Atomic(false)
    // SAFETY: written once before the thread starts; a job runs only while its task keeps the executor alive.
    nonisolated(unsafe) var executor: UnownedTaskExecutor?
    // SAFETY: sem_t is made for use by several threads; destroyed after the last of them let go of the worker.
    private nonisolated(unsafe) let bell = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(name: String) {
        self.name = name
        sem_init(bell, 0, 0)
    }

    deinit {
        sem_destroy(bell)
        bell.deallocate()
    }

    func wake() {
        sem_post(bell)
    }

    func run() {
        nameCurrentThread(name)
        var batch: [UnownedJob] = []
        repeat {
            while sem_wait(bell) != 0 {}
            jobs.swap(into: &batch)
            if let executor {
                for job in batch { job.runSynchronously(on: executor) }
            }
        } while !batch.isEmpty || !isFinished.load(ordering: .acquiring)
    }
}

private func startThread(_ worker: Worker) {
    let argument = Unmanaged.passRetained(worker).toOpaque()
    var thread: pthread_t = 0
    let status = pthread_create(&thread, nil, threadMain, argument)
    precondition(status == 0, "cannot start a thread")
    pthread_detach(thread)
}

private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// Names the calling thread for debuggers and `top`; the kernel keeps 15 bytes.
package func nameCurrentThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    var bytes = Array(name.utf8.prefix(15))
    _ = write(file, &bytes, bytes.count)
    close(file)
}
