import Glibc
import Logging
import Testing

@testable import PeerConnection

@Suite("Names of ICE servers")
struct ICEServerResolverTests {
    @Test("a name that takes too long is left out, and the others are there at once")
    func slowNames() async {
        let resolver = ICEServerResolver(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, patience: .milliseconds(50),
            lookUp: { host in
                if host == "slow.example" { usleep(2_000_000) }
                return host == "unknown.example" ? [] : ["192.0.2.7"]
            })
        let names = ["slow.example", "fast.example", "unknown.example"]
        let began = ContinuousClock.now
        let found = await resolver.resolve(names.map { ICEServer(urls: ["stun:\($0):3478"]) }).servers
        #expect(ContinuousClock.now - began < .seconds(1.5))
        #expect(found == [ResolvedICEServer(service: .stun, address: "192.0.2.7", port: 3_478)])
    }
}
