/// The HTTP proxy for signaling, as the environment names it.
struct ProxySettings: Hashable, Sendable {
    var https: String?
    var http: String?
    var exceptions: String

    /// `nil` when there is none. Lower case names count too, as in other programs.
    init?(_ sources: SettingSources) {
        func value(_ name: String) -> String? { sources[name] ?? sources[name.lowercased()] }
        https = value("HTTPS_PROXY")
        http = value("HTTP_PROXY")
        exceptions = value("NO_PROXY") ?? ""
        if https == nil, http == nil { return nil }
    }
}
