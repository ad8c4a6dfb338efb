internal import Foundation
internal import LiveKitProtocol

/// What this client says about itself.
///
/// Servers switch features off for kinds of clients they do not know, so it names the kind whose
/// behaviour it has and puts its own name beside it. It announces no capability it does not have.
enum ClientDescription {
    /// Version of the signaling protocol spoken.
    static let protocolVersion = 17

    /// For the join request of `/rtc/v1`.
    static var message: Livekit_ClientInfo {
        var info = Livekit_ClientInfo()
        info.sdk = .swift
        info.version = version
        info.protocol = Int32(protocolVersion)
        info.os = system
        info.osVersion = systemVersion
        info.otherSdks = "roomclient"
        return info
    }

    /// The same for the query of `/rtc`.
    static var queryItems: [(name: String, value: String)] {
        [
            ("sdk", "swift"), ("version", version), ("os", system), ("os_version", systemVersion),
            ("protocol", String(protocolVersion)), ("client_protocol", "0"),
        ]
    }

    private static let version = "2.0.0"
    private static let system = "linux"

    private static var systemVersion: String {
        let version = ProcessInfo.processInfo.operatingSystemVersion
        return "\(version.majorVersion).\(version.minorVersion).\(version.patchVersion)"
    }
}
