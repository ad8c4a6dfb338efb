import Devices
import Foundation
import MediaCore
import RoomKit
import RoomServer
import TestSupport
import Testing

/// `wss://` with the room's own certificate.
@Suite("Rooms behind TLS", .serialized)
struct SecureRoomTests {
    @Test("a certificate of a trusted authority lets us in")
    func good() async throws {
        try await ServerCertificate.run { certificate in
            try await room(certificate) { host in
                #expect(host.url.hasPrefix("wss://"))
                let room = Room(logger: quietLogger)
                try await room.connect(
                    url: host.url, token: host.token("guest"), connectOptions: trusting(certificate.authority)
                )
                #expect(await room.name == "test")
                await room.disconnect()
            }
        }
    }

    @Test(
        "an expired one, one for another host and one of a foreign authority are refused, each with its sentence"
    )
    func bad() async throws {
        var sentences: Set<String> = []
        for (name, days, isTrusted) in [
            ("IP:127.0.0.1", -1, true), ("DNS:other.test", 2, true), ("IP:127.0.0.1", 2, false),
        ] {
            try await ServerCertificate.run(name: name, days: days) { certificate in
                try await room(certificate) { host in
                    let options = isTrusted ? trusting(certificate.authority) : ConnectOptions()
                    let room = Room(logger: quietLogger)
                    let error = await #expect(throws: RoomError.self) {
                        try await room.connect(
                            url: host.url, token: host.token("guest"), connectOptions: options)
                    }
                    #expect(error?.code == .tls)
                    sentences.insert(error?.message ?? "")
                }
            }
        }
        #expect(sentences.count == 3, "\(sentences)")
    }

    @Test("the program ends with 3 and one sentence when it does not trust the server")
    func program() async throws {
        try await ServerCertificate.run { certificate in
            try await room(certificate) { host in
                let arguments = SpawnedClient.bare + ["--url", host.url, "--token", host.token("guest")]
                try await SpawnedClient.run(arguments) { client in
                    try await client.expect(status: 3, within: .seconds(10))
                    try client.expectOneSentence()
                    #expect(client.program.errors.contains("certificate"))
                }
            }
        }
    }

    private func room(_ certificate: ServerCertificate, _ body: (TestRoom) async throws -> Void) async throws
    {
        let configuration = RoomServerConfiguration(
            keys: [TestRoom.key: TestRoom.secret],
            certificate: .init(chain: certificate.chain, key: certificate.key))
        try await TestRoom.run(configuration, body)
    }

    private func trusting(_ authority: String) -> ConnectOptions {
        var options = ConnectOptions()
        options.certificateAuthorityFile = authority
        return options
    }
}
