import Foundation
public import Hummingbird

/// Every route of the operations listener: for whoever watches over the server, not for applications or people.
public enum OperationsRoutes {
  /// `isReady` says whether calls can be admitted: storage answers and the metering journal takes records. `metrics` is
  /// the text for Prometheus.
  public static func router(
    isReady: @escaping @Sendable () async -> Bool, metrics: @escaping @Sendable () -> String
  ) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.get("/health/live") { _, _ in text("live\n", .ok) }
    router.get("/health/ready") { _, _ in
      await isReady() ? text("ready\n", .ok) : text("not ready: the server does not admit calls\n", .serviceUnavailable)
    }
    router.get("/metrics") { _, _ in
      var response = text(metrics(), .ok)
      response.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
      return response
    }
    return router
  }

  private static func text(_ body: String, _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }
}
