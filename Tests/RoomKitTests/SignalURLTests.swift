import Foundation
import LiveKitProtocol
import SwiftProtobuf
import Testing

@testable import RoomKit

@Suite("SignalURL")
struct SignalURLTests {
    private func options(_ offer: Livekit_SessionDescription? = nil) -> SignalOptions {
        SignalOptions(url: "", token: "t", autoSubscribe: true, adaptiveStream: false, publisherOffer: offer)
    }

    private func query(_ url: URL) -> [String: String] {
        let items = URLComponents(url: url, resolvingAgainstBaseURL: false)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    private func joinRequest(_ url: URL) throws -> Livekit_JoinRequest {
        let text = try #require(query(url)["join_request"])
        // The server reads the URL-safe alphabet with padding.
        #expect(text.utf8.count % 4 == 0)
        let bytes = try #require(Base64URL.decode(text.filter { $0 != "=" }))
        let wrapped = try Livekit_WrappedJoinRequest(serializedBytes: bytes)
        let isPacked = wrapped.compression == .gzip
        return try Livekit_JoinRequest(
            serializedBytes: isPacked ? gunzip(Array(wrapped.joinRequest)) : Array(wrapped.joinRequest))
    }

    @Test(
        "four schemes, ports, paths and slashes",
        arguments: [
            ("ws://host:7880", "ws://host:7880/rtc"), ("http://host", "ws://host/rtc"),
            ("https://host/", "wss://host/rtc"),
            (" WSS://host/a/b/ ", "wss://host/a/b/rtc"), ("ws://[::1]:7880", "ws://[::1]:7880/rtc"),
            ("wss://user:pass@host?x=1#y", "wss://host/rtc"),
        ])
    func bases(text: String, expected: String) throws {
        let url = try SignalURL(text).socket(.dual, options()).absoluteString
        #expect(url.components(separatedBy: "?").first == expected)
        let validation = try SignalURL(text).validation(.single, options()).absoluteString
        #expect(validation.components(separatedBy: "?").first == expected + "/v1/validate")
    }

    @Test(
        "what is no server URL is refused",
        arguments: ["", "host", "host:7880", "ftp://host", "ws://", "wss:host", "http:///rtc"])
    func refused(text: String) {
        #expect(throws: SignalError.self) { try SignalURL(text) }
    }

    @Test("the join request says who we are and what we want, and brings the first offer")
    func joinRequest() throws {
        let lines = (0..<400).map { "a=extmap:\($0 % 20) urn:ietf:params:rtp-hdrext\r\n" }
        let offer = Livekit_SessionDescription.with {
            ($0.type, $0.sdp, $0.id) = ("offer", lines.joined(), 1)
        }
        let url = try SignalURL("ws://host").socket(.single, options(offer))
        #expect(url.path() == "/rtc/v1")
        // Reverse proxies commonly take request lines of 8 KiB.
        #expect(url.absoluteString.utf8.count < 4096)
        let request = try joinRequest(url)
        #expect(request.clientInfo.sdk == .swift)
        #expect(request.clientInfo.version == "2.0.0")
        #expect(request.clientInfo.protocol == 17)
        #expect(request.clientInfo.os == "linux")
        #expect(request.clientInfo.osVersion.isEmpty == false)
        #expect(request.clientInfo.browser.isEmpty)
        #expect(request.clientInfo.otherSdks == "roomclient")
        #expect(request.clientInfo.clientProtocol == 0)
        #expect(request.clientInfo.capabilities.isEmpty)
        // Left out it would mean false.
        #expect(request.connectionSettings.autoSubscribe)
        #expect(request.publisherOffer == offer)
        #expect(!request.reconnect)
    }

    @Test("a resumption names its session and brings no offer")
    func resumption() throws {
        let offer = Livekit_SessionDescription.with { $0.sdp = "v=0" }
        let resumption = SignalURL.Resumption(participantSID: "PA_1", reason: .rrPublisherFailed)
        let base = try SignalURL("ws://host")
        let request = try joinRequest(base.socket(.single, options(offer), resuming: resumption))
        #expect(request.reconnect)
        #expect(request.participantSid == "PA_1")
        #expect(request.reconnectReason == .rrPublisherFailed)
        #expect(!request.hasPublisherOffer)
        let items = try query(base.socket(.dual, options(), resuming: resumption))
        #expect(items["reconnect"] == "1")
        #expect(items["sid"] == "PA_1")
        #expect(items["reconnect_reason"] == "2")
    }

    @Test("the older path has everything in its query, and never the token")
    func dualQuery() throws {
        let items = try query(SignalURL("ws://host").socket(.dual, options()))
        #expect(items["sdk"] == "swift")
        #expect(items["version"] == "2.0.0")
        #expect(items["protocol"] == "17")
        #expect(items["client_protocol"] == "0")
        #expect(items["os"] == "linux")
        #expect(items["auto_subscribe"] == "1")
        #expect(items["adaptive_stream"] == "0")
        #expect(items["access_token"] == nil)
        #expect(items["join_request"] == nil)
    }
}
