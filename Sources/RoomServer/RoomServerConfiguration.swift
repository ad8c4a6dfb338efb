/// What a room server is told before it starts.
package struct RoomServerConfiguration: Sendable {
    /// The address to listen on, for signaling and for media; `0.0.0.0` = every interface.
    package var bindAddress: String
    /// The TCP port for signaling; 0 = any free one.
    package var port: Int
    /// UDP ports for media; `nil` = any.
    package var mediaPorts: ClosedRange<UInt16>?
    /// Who may sign tokens: API keys and their secrets.
    package var keys: [String: String]
    /// STUN and TURN servers that clients are told to use.
    package var iceServers: [ICEServerDescription]
    /// Certificate and key for TLS; `nil` = plain HTTP.
    package var certificate: CertificateFiles?
    /// Whether clients may use a single peer connection; `false` = answer them as servers before 1.9.2 do.
    package var offersSinglePeerConnection = true

    /// A STUN or TURN server, with its URLs as clients take them.
    package struct ICEServerDescription: Hashable, Sendable {
        /// Such as `stun:host:3478` or `turn:host:3478?transport=udp`.
        package var urls: [String]
        /// TURN user; empty for STUN.
        package var username: String
        /// TURN password; empty for STUN.
        package var credential: String

        /// Describes a server.
        package init(urls: [String], username: String = "", credential: String = "") {
            self.urls = urls
            self.username = username
            self.credential = credential
        }
    }

    /// Two PEM files.
    package struct CertificateFiles: Hashable, Sendable {
        /// Path of the certificate chain.
        package var chain: String
        /// Path of the private key.
        package var key: String

        /// Names the files.
        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// A server for this machine only, on any free port, until it is changed.
    package init(
        bindAddress: String = "127.0.0.1", port: Int = 0, mediaPorts: ClosedRange<UInt16>? = nil,
        keys: [String: String], iceServers: [ICEServerDescription] = [], certificate: CertificateFiles? = nil
    ) {
        self.bindAddress = bindAddress
        self.port = port
        self.mediaPorts = mediaPorts
        self.keys = keys
        self.iceServers = iceServers
        self.certificate = certificate
    }
}

/// Where a running room server can be reached.
package struct RoomServerAddress: Hashable, Sendable {
    /// The address it listens on.
    package let host: String
    /// The TCP port it listens on.
    package let port: Int
    /// Whether it speaks TLS.
    package let isSecure: Bool

    /// What a client on this machine connects to.
    package var url: String {
        let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "[::1]" : host
        return "\(isSecure ? "wss" : "ws")://\(reachable):\(port)"
    }
}
