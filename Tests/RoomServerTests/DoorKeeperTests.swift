import Foundation
import LiveKitProtocol
import Testing

@testable import RoomServer

@Suite("Who may connect")
struct DoorKeeperTests {
    private let doorKeeper = DoorKeeper(keys: ["key": "secret"])

    private func token(
        identity: String = "anna", secret: String = "secret", key: String = "key",
        _ change: (inout VideoGrants) -> Void = { _ in }
    ) -> String {
        var grants = VideoGrants(room: "room", roomJoin: true)
        change(&grants)
        return AccessToken(apiKey: key, identity: identity, video: grants).signed(with: secret)
    }

    private func status(_ text: String?, path: String = "/rtc", query: [String: String] = [:]) -> Int {
        do {
            _ = try doorKeeper.admit(path: path, query: query, authorization: text.map { "Bearer " + $0 })
            return 200
        } catch {
            return error.status
        }
    }

    @Test("a good token opens the door, in the header and in the query")
    func admits() throws {
        #expect(status(token()) == 200)
        #expect(status(nil, query: ["access_token": token()]) == 200)
        let admission = try doorKeeper.admit(path: "/rtc", query: [:], authorization: "bearer " + token())
        #expect(admission.room == "room")
        #expect(admission.entry.identity == "anna")
        #expect(admission.entry.permission.canPublish)
        #expect(admission.entry.isSubscriberPrimary)
    }

    @Test("without a valid token it is 401")
    func refusesTokens() {
        #expect(status(nil) == 401)
        #expect(status("nonsense") == 401)
        #expect(status(token(secret: "other")) == 401)
        #expect(status(token(key: "stranger")) == 401)
        #expect(status(token { $0.roomJoin = false }) == 401)
    }

    @Test("an expired token is refused, a minute of difference between clocks is not")
    func refusesExpired() {
        let later = Date().addingTimeInterval(6 * 3_600)
        let text = "Bearer " + token()
        #expect(throws: Refusal.self) {
            try doorKeeper.admit(
                path: "/rtc", query: [:], authorization: text, at: later.addingTimeInterval(90))
        }
        #expect(throws: Never.self) {
            try doorKeeper.admit(
                path: "/rtc", query: [:], authorization: text, at: later.addingTimeInterval(30))
        }
    }

    @Test("what makes no sense is 400")
    func refusesNonsense() {
        #expect(status(token(identity: "")) == 400)
        #expect(status(token { $0.room = nil }) == 400)
        #expect(status(token(), path: "/rtc/v1") == 400)
        #expect(status(token(), query: ["join_request": "%%%"]) == 400)
        #expect(status(token(identity: String(repeating: "a", count: 257))) == 400)
    }

    @Test("attributes may be brought only by those who may change them")
    func refusesAttributes() {
        let query = ["attributes": Data(#"{"mood":"calm"}"#.utf8).base64EncodedString()]
        #expect(status(token(), query: query) == 401)
        #expect(status(token { $0.canUpdateOwnMetadata = true }, query: query) == 200)
    }

    @Test("rights that are not mentioned have their defaults")
    func readsGrants() throws {
        let text = token {
            $0.canPublish = false
            $0.canPublishSources = ["camera", "screen_share"]
            $0.hidden = true
        }
        let entry = try doorKeeper.admit(path: "/rtc", query: [:], authorization: "Bearer " + text).entry
        #expect(!entry.permission.canPublish)
        #expect(!entry.permission.canPublishData)
        #expect(entry.permission.canSubscribe)
        #expect(entry.permission.canPublishSources == [.camera, .screenShare])
        #expect(entry.permission.hidden)
    }
}
