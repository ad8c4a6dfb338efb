import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// One accepted TCP connection: HTTP for the router, or a WebSocket when a client that may come in asks for one.
///
/// A client that may not come in is told why in a plain HTTP response.
struct SignalChannel: HTTPChannelHandler {
    /// What became of a connection.
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case refused(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>, Refusal)
        case signaling(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, Admission)
    }

    /// A connection whose first request decides what it is.
    struct Value: ServerChildChannelValue {
        /// What it became, once that is known.
        let outcome: EventLoopFuture<Outcome>
        let channel: any Channel
    }

    let responder: HTTPChannelHandler.Responder
    /// Who may connect.
    let doorKeeper: DoorKeeper
    /// The rooms.
    let hub: RoomHub
    /// Logs what goes wrong with a connection; the framework's own logger is quiet.
    let logger: Logger

    /// Largest message of a client, in bytes.
    private static let messageLimit = 2 << 20

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            // NIO does not pass on the head of a request it has refused to upgrade, so the reason is kept here.
            let refusal = NIOLoopBoundBox<Refusal?>(nil, eventLoop: channel.eventLoop)
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [upgrader(refusal)],
                notUpgradingCompletionHandler: { Self.stayWithHTTP($0, refusal) })
            var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            // NIOAsyncChannel reads one request at a time by itself.
            pipeline.enablePipelining = false
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: pipeline)
            return Value(outcome: outcome, channel: channel)
        }
    }

    func handle(value: Value, logger _: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let channel):
                await handleHTTP(asyncChannel: channel, logger: logger)
            case .refused(let channel, let refusal):
                try await Self.answer(refusal, on: channel)
            case .signaling(let channel, let admission):
                try await SignalConnection(admission: admission, hub: hub, logger: logger).run(on: channel)
            }
        } catch {
            logger.debug("a connection ended: \(error)")
        }
    }

    private static func answer(
        _ refusal: Refusal, on channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    ) async throws {
        let headers: HTTPFields = [
            .contentType: "text/plain; charset=utf-8", .contentLength: "\(refusal.text.utf8.count)",
            .accessControlAllowOrigin: "*", .connection: "close",
        ]
        try await channel.executeThenClose { _, outbound in
            let status = HTTPResponse.Status(code: refusal.status)
            try await outbound.write(.head(HTTPResponse(status: status, headerFields: headers)))
            try await outbound.write(.body(ByteBuffer(string: refusal.text)))
            try await outbound.write(.end(nil))
        }
    }

    private func upgrader(_ refusal: NIOLoopBoundBox<Refusal?>) -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.messageLimit,
            shouldUpgrade: { channel, head in
                do throws(Refusal) {
                    _ = try admit(head)
                    return channel.eventLoop.makeSucceededFuture(HTTPHeaders())
                } catch {
                    refusal.value = error
                    return channel.eventLoop.makeSucceededFuture(nil)
                }
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let aggregator = NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1_024,
                        maxAccumulatedFrameSize: Self.messageLimit)
                    try channel.pipeline.syncOperations.addHandler(aggregator)
                    return .signaling(
                        try NIOAsyncChannel(wrappingChannelSynchronously: channel), try admit(head))
                }
            })
    }

    private func admit(_ head: HTTPRequestHead) throws(Refusal) -> Admission {
        let uri = URI(head.uri)
        let path = uri.path.hasSuffix("/") ? String(uri.path.dropLast()) : uri.path
        guard path == "/rtc" || path == "/rtc/v1" else { throw Refusal(404, "not found") }
        let query = uri.queryParameters.reduce(into: [String: String]()) {
            $0[String($1.key)] = String($1.value)
        }
        return try doorKeeper.admit(
            path: path, query: query, authorization: head.headers.first(name: "authorization"))
    }

    private static func stayWithHTTP(
        _ channel: any Channel, _ refusal: NIOLoopBoundBox<Refusal?>
    ) -> EventLoopFuture<Outcome> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            let wrapped = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true))
            return refusal.value.map { .refused(wrapped, $0) } ?? .http(wrapped)
        }
    }
}
