import Glibc

/// Finds out whether a window can be opened: Qt ends the whole process when it cannot connect to its display.
package enum DisplayConnection {
    /// Whether a window can be opened here.
    package static var isAvailable: Bool {
        (try? prepare()) != nil
    }

    /// Connects to the display and hangs up again; chooses Wayland when there is no X server.
    static func prepare() throws(DeviceError) {
        // An explicit choice of Qt's platform ("offscreen", "minimal") is the user's business, except for X.
        let platform = variable("QT_QPA_PLATFORM")
        if let platform, !platform.hasPrefix("xcb"), !platform.hasPrefix("wayland") { return }
        if platform?.hasPrefix("wayland") != true, let display = variable("DISPLAY") {
            guard canConnectToX() else {
                throw .noDisplay(
                    reason: "the X display \"\(display)\" (DISPLAY) does not answer or refuses us")
            }
            return
        }
        guard let wayland = variable("WAYLAND_DISPLAY") else {
            throw .noDisplay(
                reason: "there is no display (DISPLAY and WAYLAND_DISPLAY are not set); try --view terminal")
        }
        guard canConnectToWayland(wayland) else {
            throw .noDisplay(reason: "the Wayland display \"\(wayland)\" does not answer")
        }
        guard hasWaylandPlugin() else {
            throw .noDisplay(reason: "Qt's Wayland plugin is missing; install the package qtwayland5")
        }
        setenv("QT_QPA_PLATFORM", "wayland", 0)
    }
}

private func variable(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
}

/// Asks the library that Qt itself connects with, so that sockets, hosts and access keys are read the same
/// way.
private func canConnectToX() -> Bool {
    typealias Connect = @convention(c) (UnsafePointer<CChar>?, UnsafeMutablePointer<Int32>?) -> OpaquePointer?
    typealias HasError = @convention(c) (OpaquePointer?) -> Int32
    typealias Disconnect = @convention(c) (OpaquePointer?) -> Void
    guard let library = dlopen("libxcb.so.1", RTLD_NOW | RTLD_LOCAL) else { return false }
    defer { dlclose(library) }
    guard let connect = dlsym(library, "xcb_connect"),
        let hasError = dlsym(library, "xcb_connection_has_error"),
        let disconnect = dlsym(library, "xcb_disconnect")
    else { return false }
    // SAFETY: the three signatures are those of xcb.h, which is a stable ABI.
    let connection = unsafeBitCast(connect, to: Connect.self)(nil, nil)
    defer { unsafeBitCast(disconnect, to: Disconnect.self)(connection) }
    return unsafeBitCast(hasError, to: HasError.self)(connection) == 0
}

private func canConnectToWayland(_ name: String) -> Bool {
    let path = name.hasPrefix("/") ? name : (variable("XDG_RUNTIME_DIR") ?? "/run") + "/" + name
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}

private func hasWaylandPlugin() -> Bool {
    guard let libraries = opendir("/usr/lib") else { return false }
    defer { closedir(libraries) }
    while let entry = readdir(libraries) {
        let folder = text(of: entry.pointee.d_name)
        if access("/usr/lib/\(folder)/qt5/plugins/platforms/libqwayland-generic.so", R_OK) == 0 {
            return true
        }
    }
    return false
}
