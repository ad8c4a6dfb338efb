import Dispatch
import Logging
import Testing

@testable import PeerConnection

@Suite("Names of ICE servers")
struct ICEServerResolverTests {
    @Test("a name that takes too long is left out, and the others are there at once")
    func slowNames() async {
        // Nobody answers it while the others are waited for; that it ends at all keeps a failure from hanging.
        let isOver = DispatchSemaphore(value: 0)
        let resolver = ICEServerResolver(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, patience: .milliseconds(500),
            lookUp: { host in
                if host == "slow.example" { _ = isOver.wait(timeout: .now() + 120) }
                return host == "unknown.example" ? [] : ["192.0.2.7"]
            })
        let names = ["slow.example", "fast.example", "unknown.example"]
        let found = await resolver.resolve(names.map { ICEServer(urls: ["stun:\($0):3478"]) }).servers
        isOver.signal()
        #expect(found == [ResolvedICEServer(service: .stun, address: "192.0.2.7", port: 3_478)])
    }
}
