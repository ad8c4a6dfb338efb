import Synchronization

/// Jobs for one thread, in order of arrival.
///
/// `append` says whether the queue was empty, so the owner wakes its thread once per batch and not once per job.
package final class JobQueue<Job: Sendable>: Sendable {
    private let jobs = Mutex<[Job]>([])

    /// Makes an empty queue.
    package init() {}

    /// Adds a job; true when the queue was empty before, that is, when the thread needs waking. Any thread.
    package func append(_ job: Job) -> Bool {
        jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
    }

    /// Exchanges all waiting jobs for the emptied `batch`, keeping both storages. The queue's thread only.
    package func swap(into batch: inout [Job]) {
        batch.removeAll(keepingCapacity: true)
        jobs.withLock { jobs in
            Swift.swap(&jobs, &batch)
        }
    }
}
