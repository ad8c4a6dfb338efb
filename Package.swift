// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6, warnings are errors, and the features that make code say what it means.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

/// Packages of others; what each replaces is said in `Sources/RoomKit/RoomKit.docc/Dependencies.md`.
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let server: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdTLS", package: "hummingbird"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
    .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
    .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
]

/// Level by level, lowest first; `Scripts/lint.sh` holds every import against this list.
let package = Package(
    name: "roomclient",
    products: [
        .library(name: "RoomKit", targets: ["RoomKit"]),
        .executable(name: "roomclient", targets: ["roomclient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        // C libraries: leaves, each imported by exactly the targets shown.
        .systemLibrary(name: "CNice", pkgConfig: "gobject-2.0", providers: [.apt(["libnice-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSRTP", pkgConfig: "libsrtp2", providers: [.apt(["libsrtp2-dev"])]),
        .systemLibrary(name: "CUsrSCTP", providers: [.apt(["libusrsctp-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        // Not by pkg-config, which would link the shared library; see `Dependencies.md`.
        .systemLibrary(name: "CVPX", providers: [.apt(["libvpx-dev"])]),
        .target(name: "CVPXMemory"),
        .systemLibrary(name: "CAOM", pkgConfig: "aom", providers: [.apt(["libaom-dev"])]),
        .systemLibrary(name: "CYUV", providers: [.apt(["libyuv-dev"])]),
        .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
        .target(name: "CAVCodec"),
        .target(
            name: "COpenCVShim", exclude: ["opencv4"],
            cxxSettings: [.headerSearchPath("opencv4")]),
        .target(
            name: "CAudioProcessingShim", exclude: ["webrtc_audio_processing"],
            cxxSettings: [
                .headerSearchPath("webrtc_audio_processing"), .define("WEBRTC_POSIX"),
                .define("WEBRTC_LINUX"),
            ],
            linkerSettings: [.linkedLibrary("webrtc_audio_processing")]),

        // Level 0
        .target(name: "MediaCore", swiftSettings: house),
        .target(name: "TLS", dependencies: ["COpenSSL"], swiftSettings: house),

        // Level 1
        .target(name: "RTP", dependencies: ["MediaCore"], swiftSettings: house + [.strictMemorySafety()]),
        .target(
            name: "PeerTransport", dependencies: ["MediaCore", "TLS", "COpenSSL", "CSRTP", "CUsrSCTP"],
            swiftSettings: house),
        .target(
            name: "Codecs",
            dependencies: [
                "MediaCore", "CVPX", "CVPXMemory", "CAOM", "CAVCodec", "COpus", "CYUV",
                "CAudioProcessingShim",
            ],
            swiftSettings: house),
        .target(
            name: "Devices", dependencies: ["MediaCore", "COpenCVShim", "CALSA", "CYUV"], swiftSettings: house
        ),
        .target(name: "WebSocket", dependencies: ["MediaCore", "TLS", "COpenSSL"], swiftSettings: house),
        .target(name: "LiveKitProtocol", dependencies: [protobuf, "COpenSSL"], swiftSettings: house),

        // Level 2
        .target(
            name: "PeerConnection",
            dependencies: ["MediaCore", "RTP", "TLS", "PeerTransport", "CNice", logging],
            swiftSettings: house),

        // Level 3
        .target(
            name: "RoomKit",
            dependencies: [
                "MediaCore", "RTP", "PeerConnection", "Codecs", "WebSocket", "LiveKitProtocol", protobuf,
                logging,
            ],
            swiftSettings: house),
        .target(
            name: "RoomServer",
            dependencies: ["MediaCore", "RTP", "PeerConnection", "LiveKitProtocol", protobuf, logging]
                + server,
            swiftSettings: house),

        // Level 4
        .executableTarget(
            name: "roomclient",
            dependencies: ["MediaCore", "RoomKit", "Devices", "RoomServer", arguments, logging],
            swiftSettings: house),

        // Tests
        .target(
            name: "TestSupport", path: "Tests/Support/TestSupport", exclude: ["close_window.py"],
            swiftSettings: house),
        .target(
            name: "RoomTestKit", dependencies: ["MediaCore", "RTP", "PeerTransport", "PeerConnection"],
            path: "Tests/Support/RoomTestKit", swiftSettings: house),
        .target(name: "AllocationCounter", path: "Tests/Support/AllocationCounter"),
        .executableTarget(
            name: "allocation-check",
            dependencies: ["PeerConnection", "RTP", "MediaCore", "AllocationCounter"],
            path: "Tests/Support/AllocationCheck", swiftSettings: house),
        .executableTarget(
            name: "receiving-probe", dependencies: ["RoomKit", "Devices", "MediaCore", logging],
            path: "Tests/Support/ReceivingProbe", swiftSettings: house),
        .testTarget(name: "MediaCoreTests", dependencies: ["MediaCore"], swiftSettings: house),
        .testTarget(name: "RTPTests", dependencies: ["RTP", "MediaCore"], swiftSettings: house),
        .testTarget(
            name: "PeerTransportTests", dependencies: ["PeerTransport", "MediaCore", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "PeerConnectionTests",
            dependencies: [
                "PeerConnection", "PeerTransport", "RTP", "MediaCore", "RoomTestKit", "TestSupport", logging,
            ],
            resources: [.copy("Fixtures")], swiftSettings: house),
        .testTarget(
            name: "CodecsTests",
            dependencies: ["Codecs", "MediaCore", "CAVCodec", "CVPX", "CVPXMemory", "TestSupport"],
            swiftSettings: house,
            linkerSettings: [.linkedLibrary("avcodec"), .linkedLibrary("avutil")]),
        .testTarget(
            name: "DevicesTests", dependencies: ["Devices", "MediaCore", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "WebSocketTests", dependencies: ["WebSocket", "MediaCore", "TestSupport"] + server,
            swiftSettings: house),
        .testTarget(
            name: "LiveKitProtocolTests",
            dependencies: ["LiveKitProtocol", "MediaCore", "TestSupport", protobuf],
            swiftSettings: house),
        .testTarget(
            name: "RoomKitTests",
            dependencies: [
                "RoomKit", "WebSocket", "LiveKitProtocol", "PeerConnection", "Codecs", "MediaCore", "RTP",
                "TestSupport", protobuf, logging,
            ],
            resources: [.copy("Fixtures")], swiftSettings: house),
        .testTarget(
            name: "RoomServerTests",
            dependencies: [
                "RoomServer", "RoomKit", "LiveKitProtocol", "PeerConnection", "RTP", "MediaCore",
                "RoomTestKit", "TestSupport", protobuf, logging,
            ],
            swiftSettings: house),
        .testTarget(
            name: "roomclientTests",
            dependencies: [
                "roomclient", "RoomKit", "Devices", "MediaCore", "TestSupport", arguments, logging,
            ],
            swiftSettings: house),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "RoomServer", "RoomKit", "Devices", "LiveKitProtocol", "MediaCore", "TestSupport", logging,
            ],
            exclude: ["Peers"], swiftSettings: house),
    ],
    cxxLanguageStandard: .cxx17
)
