import Foundation
import Hummingbird

/// The plain HTTP side: health, and why a connection is refused.
struct Routes: Sendable {
    /// Who may connect.
    let doorKeeper: DoorKeeper

    /// The router of the server.
    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: OpenAccess())
        router.get("/") { _, _ in "OK" }
        for path in ["/rtc", "/rtc/v1"] {
            router.get(RouterPath("\(path)/validate")) { request, _ in
                respond(to: request, path: path)
            }
        }
        return router
    }

    private func respond(to request: Request, path: String) -> Response {
        let query = request.uri.queryParameters.reduce(into: [String: String]()) {
            $0[String($1.key)] = String($1.value)
        }
        do {
            _ = try doorKeeper.admit(path: path, query: query, authorization: request.headers[.authorization])
            return .text("success")
        } catch {
            return .text(error.text, status: HTTPResponse.Status(code: error.status))
        }
    }
}

/// Lets pages of every origin read every response, so that browsers can tell why they were refused.
private struct OpenAccess: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if request.method == .options {
            response = Response(status: .noContent)
            response.headers[.accessControlAllowMethods] = "GET, POST, OPTIONS"
            response.headers[.accessControlAllowHeaders] =
                request.headers[.accessControlRequestHeaders] ?? "*"
        } else {
            do {
                response = try await next(request, context)
            } catch let error as any HTTPResponseError {
                response = try error.response(from: request, context: context)
            }
        }
        response.headers[.accessControlAllowOrigin] = "*"
        return response
    }
}

extension Response {
    /// A response in plain text.
    fileprivate static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
