import MediaCore
import Foundation
import TestSupport
import Testing

@testable import LiveKitProtocol

@Suite("AccessToken")
struct AccessTokenTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let secret = "secret"

    private func token() -> AccessToken {
        AccessToken(
            apiKey: "devkey", identity: "alice", video: VideoGrants(room: "kitchen", roomJoin: true), at: now)
    }

    private func error(_ text: String, at date: Date? = nil, secret: String? = "secret") -> AccessTokenError?
    {
        do throws(AccessTokenError) {
            _ = try AccessToken(verifying: text, at: date ?? now) { _ in secret }
            return nil
        } catch {
            return error
        }
    }

    @Test("a token written elsewhere is read, with its signature checked")
    func foreignToken() throws {
        // Made by hand with openssl: the claims below, signed with "secret".
        let text =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
            + ".eyJpc3MiOiJkZXZrZXkiLCJzdWIiOiJhbGljZSIsIm5iZiI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDIxNjAwLCJ2"
            + "aWRlbyI6eyJyb29tIjoia2l0Y2hlbiIsInJvb21Kb2luIjp0cnVlLCJjYW5QdWJsaXNoIjpmYWxzZX19"
            + ".8SrJAADglAuPEIUQIBDToZpJbJEc2zB877PnDW1NzqA"
        let token = try AccessToken(verifying: text, at: now) { $0 == "devkey" ? "secret" : nil }
        #expect(token.apiKey == "devkey")
        #expect(token.identity == "alice")
        #expect(token.expires == now.addingTimeInterval(6 * 3600))
        #expect(token.video?.room == "kitchen")
        #expect(token.video?.roomJoin == true)
        #expect(token.video?.canPublish == false)
        #expect(token.video?.canSubscribe == nil)
    }

    @Test("a token reads back as it was written, with every claim")
    func roundTrip() throws {
        var token = token()
        token.name = "Alice É"
        token.kind = "agent"
        token.kindDetails = ["cloud_agent"]
        token.metadata = #"{"seat":1}"#
        token.attributes = ["colour": "red", "empty": ""]
        token.sip = SIPGrants(admin: true, call: false)
        token.agent = AgentGrants(admin: true)
        token.inference = InferenceGrants(perform: true)
        token.observability = ObservabilityGrants(write: true)
        token.sha256 = "abc="
        token.roomPreset = "large"
        token.roomConfiguration = .object([
            "maxParticipants": .integer(8), "tags": .array([.null, .number(0.5)]),
        ])
        var video = VideoGrants(room: "kitchen", roomJoin: true)
        (video.roomCreate, video.roomList, video.roomAdmin) = (true, true, true)
        (video.roomRecord, video.ingressAdmin, video.hidden) = (true, true, true)
        (video.recorder, video.agent, video.destinationRoom) = (true, true, "hall")
        (video.canPublish, video.canSubscribe, video.canPublishData) = (true, false, true)
        (video.canUpdateOwnMetadata, video.canSubscribeMetrics) = (true, false)
        (video.canManageAgentSession, video.canPublishSources) = (true, ["camera"])
        token.video = video
        #expect(try AccessToken(verifying: token.signed(with: secret), at: now) { _ in secret } == token)
        #expect(try AccessToken(inspecting: token.signed(with: "other")) == token)
    }

    @Test("what is not set is not in the token: an explicit false would take a right away")
    func absentClaims() throws {
        let claims = try AccessToken.claims(of: token().signed(with: secret))
        #expect(
            claims
                == .object([
                    "iss": .string("devkey"), "sub": .string("alice"), "nbf": .integer(1_800_000_000),
                    "iat": .integer(1_800_000_000), "exp": .integer(1_800_021_600),
                    "video": .object(["room": .string("kitchen"), "roomJoin": .bool(true)]),
                ]))
    }

    @Test("rights that are not set have the server's defaults")
    func defaults() {
        var grants = VideoGrants(room: "kitchen", roomJoin: true)
        #expect(
            grants.mayPublish && grants.maySubscribe && grants.mayPublishData && !grants.mayUpdateOwnMetadata)
        #expect(grants.mayPublish(source: "camera"))
        grants.canPublishSources = ["microphone"]
        #expect(!grants.mayPublish(source: "camera") && grants.mayPublish(source: "microphone"))
        grants.canPublish = false
        #expect(!grants.mayPublishData && !grants.mayPublish(source: "microphone"))
    }

    @Test("times hold with a leeway of 60 seconds")
    func times() {
        let text = token().signed(with: secret)
        #expect(error(text, at: now.addingTimeInterval(6 * 3600 + 59)) == nil)
        #expect(
            error(text, at: now.addingTimeInterval(6 * 3600 + 60))
                == .expired(now.addingTimeInterval(6 * 3600)))
        #expect(error(text, at: now.addingTimeInterval(-60)) == nil)
        #expect(error(text, at: now.addingTimeInterval(-61)) == .notYetValid(now))
        var endless = token()
        endless.expires = nil
        #expect(error(endless.signed(with: secret)) == .withoutExpiry)
    }

    @Test("another secret, an unknown key and another algorithm are refused")
    func signatures() {
        #expect(error(token().signed(with: "other")) == .wrongSignature)
        #expect(error(token().signed(with: secret), secret: nil) == .unknownKey("devkey"))
        let parts = token().signed(with: secret).split(separator: ".")
        for name in ["none", "HS384", "RS256"] {
            let header = Base64URL.encode(Array(#"{"alg":"\#(name)","typ":"JWT"}"#.utf8))
            #expect(error("\(header).\(parts[1]).\(parts[2])") == .unsupportedAlgorithm(name))
            #expect(error("\(header).\(parts[1]).") == .unsupportedAlgorithm(name))
        }
        #expect(error("\(parts[0]).\(parts[1]).") == .wrongSignature)
    }

    @Test("an identity in jti is found when sub is empty")
    func oldIdentity() throws {
        let claims = Array(#"{"iss":"devkey","jti":"bob","exp":1800021600.5}"#.utf8)
        let token = try AccessToken(verifying: JSONWebToken(payload: claims, secret: secret).text, at: now) {
            _ in secret
        }
        #expect(token.identity == "bob")
        #expect(token.expires == Date(timeIntervalSince1970: 1_800_021_600.5))
    }

    @Test(
        "what is no token is refused with a reason",
        arguments: ["", "a.b", "a.b.c.d", "..", "====.e30.e30", "e30.e30.e30"])
    func malformed(text: String) {
        guard case .malformed? = error(text) else {
            Issue.record("accepted, or refused for another reason")
            return
        }
    }

    @Test("10,000 damaged tokens neither trap nor verify")
    func mutations() {
        var generator = SeededGenerator(seed: 7519)
        let text = token().signed(with: secret)
        let original = Array(text.utf8)
        for _ in 0..<10_000 {
            let bytes = original.damaged(using: &generator)
            let damaged = String(decoding: bytes, as: UTF8.self)
            // The last character of a part has bits that stand for nothing.
            guard damaged != text, damaged.dropLast() != text.dropLast() else { continue }
            #expect(error(damaged) != nil)
            _ = try? AccessToken(inspecting: damaged)
        }
    }

    @Test("10,000 signed but damaged claims do not trap")
    func damagedClaims() throws {
        var generator = SeededGenerator(seed: 8259)
        let claims = try JSONEncoder().encode(AccessTokenClaims(token()))
        for _ in 0..<10_000 {
            let bytes = Array(claims).damaged(using: &generator)
            let text = JSONWebToken(payload: bytes, secret: secret).text
            guard let read = try? AccessToken(verifying: text, at: now, secret: { _ in secret }) else {
                continue
            }
            _ = read.signed(with: secret)
        }
    }
}
