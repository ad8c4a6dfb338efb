import Foundation
import MediaCore
import Testing

@Suite("Threads and queues")
struct ThreadTests {
    @Test("a ring hands over elements in order and refuses the one too many")
    func ringKeepsOrder() {
        let ring = SPSCRing<Int>(capacity: 4)
        for value in 0..<4 { #expect(ring.append(value)) }
        #expect(!ring.append(4))
        #expect((0..<4).map { _ in ring.next() } == [0, 1, 2, 3])
        #expect(ring.next() == nil)
    }

    @Test("the newest value wins")
    func newestWins() async {
        let slot = LatestValue<Int>()
        slot.store(1)
        slot.store(2)
        #expect(await slot.next() == 2)
        #expect(slot.takeIfPresent() == nil)
        slot.finish()
        #expect(await slot.next() == nil)
    }

    @Test("a full frame queue drops everything and says so")
    func queueOverflows() async {
        let queue = FrameQueue<Int>(limit: 2)
        #expect(queue.append(1))
        #expect(queue.append(2))
        #expect(!queue.append(3))
        #expect(queue.append(4))
        #expect(await queue.next() == 4)
        queue.finish()
        #expect(await queue.next() == nil)
    }

    @Test("waiting for a value ends when the task is cancelled")
    func waitingEndsOnCancellation() async {
        let slot = LatestValue<Int>()
        let reader = Task { await slot.next() }
        await Task.yield()
        reader.cancel()
        #expect(await reader.value == nil)
    }

    @Test("a pinned task runs on its thread, also after an await")
    func pinnedTaskStays() async {
        let thread = PinnedThread(name: "pinned")
        let names = await Task(executorPreference: thread) {
            let before = currentThreadName()
            await Task.yield()
            return [before, currentThreadName()]
        }.value
        #expect(names == ["pinned", "pinned"])
        withExtendedLifetime(thread) {}
    }
}

private func currentThreadName() -> String {
    (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8))?
        .trimmingCharacters(in: .newlines) ?? ""
}

/// Ends that several tasks wait for.
struct StopSignalTests {
    @Test("one signal ends all who wait, and those who come later do not wait")
    func severalWaiters() async {
        let signal = StopSignal()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { await signal.wait() } }
            signal.stop()
            await group.waitForAll()
        }
        await signal.wait()
        #expect(signal.isGiven)
    }

    @Test("a cancelled task waits no longer and leaves the others waiting")
    func cancellation() async {
        let signal = StopSignal()
        let first = Task { await signal.wait() }
        let second = Task { await signal.wait() }
        first.cancel()
        await first.value
        #expect(!signal.isGiven)
        signal.stop()
        await second.value
    }
}
