import Core
import Hummingbird
import Logging
import Platform

/// Gives every request its id. Rule F-5.
struct GatewayRequestIDs: RouterMiddleware {
  let source: RequestIDSource

  func handle(
    _ request: Request, context: GatewayRequestContext,
    next: (Request, GatewayRequestContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.requestID = source.next()
    return try await next(request, context)
  }
}

/// Turns what no dialect answered into a sentence: unknown addresses, and faults (rule F-6).
struct GatewayFaults: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: GatewayRequestContext,
    next: (Request, GatewayRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound || error.status == .methodNotAllowed {
      let message =
        "There is nothing at \(request.method.rawValue) \(request.uri.path.prefix(200)). Applications POST to "
        + "/v1/chat/completions, /v1/responses, /v1/messages, /v1/embeddings, /v2/embed, /model/{modelId}/converse or "
        + "/resources/{id}/converse, and GET /v1/models or /resources/{id}."
      return Response(PlainRefusal.answer(status: error.status.code, message, requestID: context.requestID))
    } catch {
      // The kind of error only: its text may quote what the caller sent.
      logger.error(
        "request failed unexpectedly",
        metadata: ["request": "\(context.requestID)", "error": "\(type(of: error))"])
      return Response(
        PlainRefusal.answer(status: 500, GatewayFailure.unexpected.message, requestID: context.requestID))
    }
  }
}
