import Glibc
import Logging

/// The loop of a `TurnTLSTunnel`: takes connections and moves their bytes. It owns the descriptors it
/// is given.
struct TurnTLSPump: Sendable {
    let listener: Int32
    let stop: Int32
    let server: TurnTLSServer
    let logger: Logger

    /// More connections than a client has addresses are not ours.
    private static let connectionLimit = 32

    /// Runs until the other end of `stop` is closed; blocks.
    func run() {
        var links: [TurnTLSLink] = []
        while true {
            var waits = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
            waits.append(
                pollfd(
                    fd: links.count < Self.connectionLimit ? listener : -1, events: Int16(POLLIN), revents: 0)
            )
            for link in links { waits += link.waits }
            guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { break }
            if waits[0].revents != 0 { break }
            for (index, link) in links.enumerated() {
                link.step(near: waits[2 + index * 2].revents, far: waits[3 + index * 2].revents)
            }
            links.removeAll { $0.isOver }
            if waits[1].revents != 0, let link = accept() { links.append(link) }
        }
        close(listener)
        close(stop)
    }

    private func accept() -> TurnTLSLink? {
        let near = Glibc.accept(listener, nil, nil)
        guard near >= 0 else { return nil }
        _ = fcntl(near, F_SETFL, O_NONBLOCK)
        _ = fcntl(near, F_SETFD, FD_CLOEXEC)
        return TurnTLSLink(near: near, server: server, logger: logger)
    }
}
