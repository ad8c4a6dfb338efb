import PeerConnection
import Testing

@testable import RoomServer

@Suite("Which section carries which track")
struct SectionPlanTests {
    private func track(_ name: String) -> TrackSID { TrackSID(text: name) }

    @Test("tracks fill free sections of their kind, the rest is missing")
    func fillsSections() {
        var plan = SectionPlan()
        #expect(plan.offer("0", .audio) == nil)
        #expect(plan.offer("1", .video) == nil)
        #expect(plan.add(track("a"), .audio) == "0")
        #expect(plan.add(track("b"), .audio) == nil)
        #expect(plan.add(track("v"), .video) == "1")
        #expect(plan.missing(.audio) == 1)
        #expect(plan.missing(.video) == 0)
        #expect(plan.tracks == ["0": "a", "1": "v"])
    }

    @Test("a new section goes to the track that has waited longest for its kind")
    func servesWaiting() {
        var plan = SectionPlan()
        for name in ["v1", "v2"] { _ = plan.add(track(name), .video) }
        #expect(plan.offer("0", .audio) == nil)
        #expect(plan.offer("1", .video) == track("v1"))
        #expect(plan.offer("1", .video) == nil)
        #expect(plan.offer("2", .video) == track("v2"))
    }

    @Test("a section that became free is used again")
    func reusesSections() {
        var plan = SectionPlan()
        _ = plan.offer("0", .video)
        _ = plan.add(track("v1"), .video)
        #expect(plan.remove(track("v1")) == "0")
        #expect(plan.add(track("v2"), .video) == "0")
        _ = plan.add(track("v3"), .video)
        #expect(plan.remove(track("v3")) == nil)
        #expect(plan.missing(.video) == 0)
    }

    @Test("exchanges follow one another, and what changes meanwhile needs one more")
    func pacesExchanges() {
        var pacer = ExchangePacer(isBusy: false)
        let beforeNeed = pacer.begin()
        #expect(!beforeNeed)
        pacer.need()
        let first = pacer.begin()
        #expect(first)
        pacer.need()
        let whileBusy = pacer.begin()
        #expect(!whileBusy)
        pacer.finish()
        let second = pacer.begin()
        #expect(second)
        pacer.finish()
        let afterwards = pacer.begin()
        #expect(!afterwards)
    }

    @Test("an exchange the client began brings it up to date")
    func clientBegins() {
        var pacer = ExchangePacer(isBusy: true)
        pacer.need()
        pacer.clientBegan()
        pacer.finish()
        let again = pacer.begin()
        #expect(!again)
    }
}
