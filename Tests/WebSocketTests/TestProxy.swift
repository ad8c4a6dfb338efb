import NIOCore
import NIOPosix

/// An HTTP proxy that knows CONNECT: it answers with a status, and on 200 passes bytes on to a
/// given port.
struct TestProxy {
    let port: Int
    /// What was asked for, head by head.
    let requests: @Sendable () async throws -> [String]

    static func run(
        status: Int = 200, to target: Int, _ body: (TestProxy) async throws -> Void
    ) async throws {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectHandler(status: status, target: target, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(TestProxy(port: channel.localAddress?.port ?? 0) { await log.requests })
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }
}

private actor RequestLog {
    var requests: [String] = []

    func append(_ request: String) {
        requests.append(request)
    }
}

/// Reads the head, connects, and glues the two channels together.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let status: Int
    private let target: Int
    private let log: RequestLog
    private var head = ""
    private var peer: (any Channel)?

    init(status: Int, target: Int, log: RequestLog) {
        self.status = status
        self.target = target
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if let peer {
            peer.writeAndFlush(bytes, promise: nil)
            return
        }
        head += String(buffer: bytes)
        guard head.hasSuffix("\r\n\r\n") else { return }
        let (request, log, channel) = (head, log, context.channel)
        let logged = context.eventLoop.makeFutureWithTask { await log.append(request) }
        guard status == 200 else {
            answer(channel)
            return
        }
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { other in
                other.eventLoop.makeCompletedFuture {
                    try other.pipeline.syncOperations.addHandler(PassOnHandler(to: channel))
                }
            }
            .connect(host: "127.0.0.1", port: target)
            .and(logged)
            .assumeIsolated()
            .whenSuccess { other, _ in
                handler.value.peer = other
                handler.value.answer(channel)
            }
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer?.close(promise: nil)
    }

    private func answer(_ channel: any Channel) {
        let text = "HTTP/1.1 \(status) Whatever\r\nVia: test\r\n\r\n"
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }
}

/// Sends what arrives to another channel.
private final class PassOnHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let target: any Channel

    init(to target: any Channel) {
        self.target = target
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        target.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        target.close(promise: nil)
    }
}
