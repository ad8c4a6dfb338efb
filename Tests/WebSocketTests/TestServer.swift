import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket

/// A WebSocket server by NIO, so that the client talks to somebody else's implementation.
///
/// `/echo` is a WebSocket whose behaviour is steered by texts (see `EchoHandler`); `/refuse/STATUS`
/// answers with that status; every other path is answered 200 with the request line.
struct TestServer {
    let port: Int

    static func run(
        tls: NIOSSLContext? = nil, _ body: (TestServer) async throws -> Void
    ) async throws {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, head in
                let isEcho = head.uri.hasPrefix("/echo")
                return channel.eventLoop.makeSucceededFuture(isEcho ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, head in
                let authorization = head.headers.first(name: "Authorization") ?? ""
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(EchoHandler(authorization: authorization))
                }
            })
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                context.pipeline.removeHandler(name: "plain", promise: nil)
                            }
                        ))
                    try pipeline.addHandler(PlainHandler(), name: "plain")
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(TestServer(port: channel.localAddress?.port ?? 0))
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }
}

/// Answers plain requests.
private final class PlainHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data) else { return }
        let parts = request.uri.split(separator: "/")
        if request.uri == "/hangup" {
            context.close(promise: nil)
            return
        }
        if request.uri == "/never" { return }
        let status = parts.first == "refuse" ? Int(parts.last ?? "") ?? 500 : 200
        let text = status == 200 ? "\(request.method) \(request.uri)" : "no, \(status)"
        var headers = HTTPHeaders()
        // Without a length NIO sends chunks.
        if request.uri != "/chunked" { headers.add(name: "Content-Length", value: String(text.utf8.count)) }
        if status == 302 { headers.add(name: "Location", value: "/echo") }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

/// Sends binary messages back; texts are orders.
private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let authorization: String

    init(authorization: String) {
        self.authorization = authorization
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        let content = frame.unmaskedData
        switch frame.opcode {
        case .binary: send(.binary, content, context)
        case .text: obey(String(buffer: content), context)
        case .ping: send(.pong, content, context)
        case .pong: send(.text, ByteBuffer(string: "pong \(String(buffer: content))"), context)
        case .connectionClose:
            send(.connectionClose, content, context)
            context.close(promise: nil)
        default: context.close(promise: nil)
        }
    }

    private func obey(_ order: String, _ context: ChannelHandlerContext) {
        switch order {
        case "who": send(.text, ByteBuffer(string: authorization), context)
        case "ping": send(.ping, ByteBuffer(string: "are you there"), context)
        case "close": send(.connectionClose, ByteBuffer(bytes: [0x0F, 0xA1] + Array("bye".utf8)), context)
        case "drop": context.close(promise: nil)
        case "lie": send(.text, ByteBuffer(bytes: [0xC3, 0x28]), context)
        case "fragments":
            send(.text, ByteBuffer(string: "in "), context, isFinal: false)
            send(.ping, ByteBuffer(string: "between"), context)
            send(.continuation, ByteBuffer(string: "two"), context)
        default: send(.text, ByteBuffer(string: order), context)
        }
    }

    private func send(
        _ opcode: WebSocketOpcode, _ content: ByteBuffer, _ context: ChannelHandlerContext,
        isFinal: Bool = true
    ) {
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrame(fin: isFinal, opcode: opcode, data: content)), promise: nil)
    }
}
