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

    @Test("wishes in quick succession become one request")
    func throttles() {
        var requests = KeyframeRequests(count: 1)
        requests.want(0)
        #expect(requests.nextRequest(at: time(0)) == 0)
        requests.settle(0)
        requests.want(0)
        #expect(requests.nextRequest(at: time(499)) == nil)
        #expect(requests.nextDeadline?.time == time(500))
        #expect(requests.nextRequest(at: time(500)) == 0)
    }

    @Test("a request that brings nothing is repeated each second until the key picture comes")
    func repeats() {
        var requests = KeyframeRequests(count: 1)
        requests.want(0)
        #expect(requests.nextRequest(at: time(0)) == 0)
        requests.want(0)
        #expect(requests.nextRequest(at: time(999)) == nil)
        #expect(requests.nextRequest(at: time(1_000)) == 0)
        requests.settle(0)
        #expect(requests.nextRequest(at: time(5_000)) == nil)
        #expect(requests.nextDeadline == nil)
    }
}
