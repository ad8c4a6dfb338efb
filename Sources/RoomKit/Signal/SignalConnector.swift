internal import Foundation
internal import LiveKitProtocol
internal import Logging
internal import WebSocket

/// Opens the socket of a session: which path, and why it failed.
struct SignalConnector: Sendable {
    let network: any SignalNetwork
    let logger: Logger

    private let socketTimeout: Duration = .seconds(5)
    private let validationTimeout: Duration = .seconds(3)

    /// Makes a connector.
    init(network: any SignalNetwork, logger: Logger) {
        self.network = network
        self.logger = logger
    }

    /// Opens a new session's socket: first for one peer connection, then, if the server answers
    /// 404, for two.
    func open(
        _ url: SignalURL, _ options: SignalOptions
    ) async throws(SignalError) -> (any SignalSocket, SignalURL.Path) {
        do {
            return (try await open(url, options, on: .single), .single)
        } catch .notAServer {
            logger.debug("the server does not know /rtc/v1, trying /rtc")
            return (try await open(url, options, on: .dual), .dual)
        }
    }

    /// Opens a socket on one path.
    func open(
        _ url: SignalURL, _ options: SignalOptions, on path: SignalURL.Path,
        resuming: SignalURL.Resumption? = nil
    ) async throws(SignalError) -> any SignalSocket {
        let socketURL = try url.socket(path, options, resuming: resuming)
        do {
            return try await network.connect(
                to: socketURL, headers: headers(options), settings: options.network, timeout: socketTimeout)
        } catch {
            throw await explain(error, try url.validation(path, options, resuming: resuming), options)
        }
    }

    private func headers(_ options: SignalOptions) -> HTTPHeaders {
        ["Authorization": "Bearer \(options.token)"]
    }

    /// Asks the server for the reason of a failure that did not carry one.
    private func explain(_ error: WebSocketError, _ url: URL, _ options: SignalOptions) async -> SignalError {
        switch error {
        case .upgradeRefused(_, let body) where body.isEmpty: break
        case .connectionLost, .invalidResponse: break
        default: return refine(SignalError(error), options)
        }
        let answer = try? await network.get(
            url, headers: headers(options), settings: options.network, timeout: validationTimeout)
        guard let answer, answer.head.status >= 400 else { return refine(SignalError(error), options) }
        let reason = answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
        return refine(SignalError(status: answer.head.status, reason: reason), options)
    }

    /// Servers do not always say that a token is merely too old, but the token does.
    private func refine(_ error: SignalError, _ options: SignalOptions) -> SignalError {
        guard case .tokenInvalid = error, let token = try? AccessToken(inspecting: options.token) else {
            return error
        }
        do {
            try token.check(at: Date())
            return error
        } catch .expired {
            return .tokenExpired
        } catch {
            return .tokenInvalid(error.description)
        }
    }
}
