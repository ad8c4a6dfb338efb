import Foundation
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// One accepted TCP connection: HTTP for the router, or a WebSocket when a client that may come in asks for one.
///
/// A client that may not come in stays with HTTP, where the router tells it why.
struct SignalChannel: HTTPChannelHandler {
    /// What became of a connection.
    enum Outcome: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
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

    /// Largest message of a client, in bytes.
    private static let messageLimit = 2 << 20

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let upgrade = NIOTypedHTTPServerUpgradeConfiguration(
                upgraders: [upgrader()], notUpgradingCompletionHandler: Self.stayWithHTTP)
            var pipeline = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
            // NIOAsyncChannel reads one request at a time by itself.
            pipeline.enablePipelining = false
            let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: pipeline)
            return Value(outcome: outcome, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.outcome.get() {
            case .http(let channel):
                await handleHTTP(asyncChannel: channel, logger: logger)
            case .signaling(let channel, let admission):
                try await SignalConnection(admission: admission, hub: hub, logger: logger).run(on: channel)
            }
        } catch {
            logger.debug("a connection ended: \(error)")
        }
    }

    private func upgrader() -> NIOTypedWebSocketServerUpgrader<Outcome> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: Self.messageLimit,
            shouldUpgrade: { channel, head in
                let isAdmitted = (try? admit(head)) != nil
                return channel.eventLoop.makeSucceededFuture(isAdmitted ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let aggregator = NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1_024,
                        maxAccumulatedFrameSize: Self.messageLimit)
                    try channel.pipeline.syncOperations.addHandler(aggregator)
                    return .signaling(try NIOAsyncChannel(wrappingChannelSynchronously: channel), try admit(head))
                }
            })
    }

    private func admit(_ head: HTTPRequestHead) throws(Refusal) -> Admission {
        let uri = URI(head.uri)
        let path = uri.path.hasSuffix("/") ? String(uri.path.dropLast()) : uri.path
        guard path == "/rtc" || path == "/rtc/v1" else { throw Refusal(404, "not found") }
        let query = uri.queryParameters.reduce(into: [String: String]()) { $0[String($1.key)] = String($1.value) }
        return try doorKeeper.admit(path: path, query: query, authorization: head.headers.first(name: "authorization"))
    }

    @Sendable private static func stayWithHTTP(_ channel: any Channel) -> EventLoopFuture<Outcome> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            let configuration = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>.Configuration(
                isOutboundHalfClosureEnabled: true)
            return .http(try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: configuration))
        }
    }
}
