import MediaCore
import Testing

@testable import RoomServer

@Suite("Asking publishers for key pictures")
struct KeyframeRequestsTests {
    private func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(microseconds: milliseconds * 1_000)
    }

    @Test("the first wish is passed on at once, for its layer")
    func asksAtOnce() {
        var requests = KeyframeRequests(count: 3)
        #expect(requests.nextRequest(at: time(1)) == nil)
        requests.want(2)
        #expect(requests.nextRequest(at: time(1)) == 2)
        #expect(requests.nextRequest(at: time(1)) == nil)
    }

    @Test("a key picture that nobody can begin with, because its first packet came late, fulfils no wish")
    func lateBeginning() {
        var (requests, order) = (KeyframeRequests(count: 1), ArrivalOrder())
        requests.want(0)
        for (sequence, isWaiting) in [(8, true), (7, true), (9, false)] as [(Int64, Bool)] {
            var packet = PublishedPacket(stream: 0, layer: .lowest, sequence: sequence, timestamp: 0)
            packet.isLate = order.receive(sequence)
            packet.isKeyframe = sequence != 8
            requests.receive(packet)
            #expect(requests.isWaiting == isWaiting)
        }
    }

    @Test("wishes in quick succession become one request")
    func throttles() {
        var requests = KeyframeRequests(count: 1)
        requests.want(0)
        #expect(requests.nextRequest(at: time(0)) == 0)
        requests.settle(0)
        requests.want(0)
        #expect(requests.nextRequest(at: time(299)) == nil)
        #expect(requests.nextDeadline?.time == time(300))
        #expect(requests.nextRequest(at: time(300)) == 0)
    }

    @Test(
        "a request that brings nothing is repeated after two round trips, and more and more rarely",
        arguments: [(20, [190, 475, 902]), (80, [310, 775, 1_472]), (400, [950, 1_950, 2_950])]
            as [(Int64, [Int64])])
    func repeats(roundTrip: Int64, expected: [Int64]) {
        var requests = KeyframeRequests(count: 1)
        requests.update(roundTrip: .milliseconds(roundTrip))
        requests.want(0)
        #expect(requests.isWaiting)
        #expect(requests.nextRequest(at: time(0)) == 0)
        var repeats: [Int64] = []
        for milliseconds in 1..<10_000 as Range<Int64> {
            requests.want(0)
            if requests.nextRequest(at: time(milliseconds)) != nil { repeats.append(milliseconds) }
        }
        #expect(zip(repeats, expected).allSatisfy { abs($0 - $1) < 3 })
        #expect(zip(repeats, repeats.dropFirst()).allSatisfy { $1 - $0 <= 1_000 })
        requests.settle(0)
        #expect(!requests.isWaiting)
        #expect(requests.nextRequest(at: time(20_000)) == nil)
        #expect(requests.nextDeadline == nil)
    }

    @Test("what nobody waits for any more is not asked for again")
    func forgets() {
        var requests = KeyframeRequests(count: 3)
        requests.want(2)
        requests.want(1)
        #expect(requests.nextRequest(at: time(0)) == 1)
        requests.settle { $0 == 1 }
        #expect(requests.nextRequest(at: time(1)) == nil)
        #expect(requests.nextRequest(at: time(500)) == 1)
        requests.settle { _ in false }
        #expect(!requests.isWaiting)
    }
}
