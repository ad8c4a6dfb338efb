import Foundation
import LiveKitProtocol
import MediaCore
import SwiftProtobuf
import Testing

/// What a real server said in a recorded session, in order.
struct SignalTrace {
    struct Entry: Decodable {
        var seconds: Double
        /// Name of the member, as in the schema.
        var type: String
        var bytes: Data

        var time: MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }
    }

    var entries: [Entry]

    init(_ name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "jsonl"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        entries = try lines.map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }
}

extension Livekit_SignalResponse {
    /// A message as it would arrive.
    static func bytes(_ message: OneOf_Message) throws -> [UInt8] {
        var response = Livekit_SignalResponse()
        response.message = message
        return try response.serializedBytes()
    }
}
