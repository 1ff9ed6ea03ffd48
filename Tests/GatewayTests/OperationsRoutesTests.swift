import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("The operations listener")
struct OperationsRoutesTests {
  @Test("It says that it lives, and whether calls are admitted", arguments: [true, false])
  func health(isReady: Bool) async throws {
    let router = OperationsRoutes.router(isReady: { isReady }, metrics: { "packhouse_up 1\n" })
    try await Application(router: router, logger: Installation.logger).test(.router) { client in
      let live = try await client.execute(uri: "/health/live", method: .get)
      #expect(live.status == .ok)
      let ready = try await client.execute(uri: "/health/ready", method: .get)
      #expect(ready.status == (isReady ? .ok : .serviceUnavailable))
      #expect(ready.headers[.cacheControl] == "no-store")
      let metrics = try await client.execute(uri: "/metrics", method: .get)
      #expect(String(buffer: metrics.body) == "packhouse_up 1\n")
      #expect(metrics.headers[.contentType]?.contains("version=0.0.4") == true)
      let elsewhere = try await client.execute(uri: "/v1/models", method: .get)
      #expect(elsewhere.status == .notFound)
    }
  }

  @Test("It has no other routes than those")
  func routes() {
    let router = OperationsRoutes.router(isReady: { true }, metrics: { "" })
    #expect(router.routes.map { $0.path.description }.sorted() == ["/health/live", "/health/ready", "/metrics"])
  }
}
