import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("The operations listener")
struct OperationsRoutesTests {
  @Test("It says that it lives, and whether calls are admitted", arguments: [true, false])
  func health(isReady: Bool) async throws {
    let router = OperationsRoutes.router(isReady: { isReady })
    try await Application(router: router, logger: Installation.logger).test(.router) { client in
      let live = try await client.execute(uri: "/health/live", method: .get)
      #expect(live.status == .ok)
      let ready = try await client.execute(uri: "/health/ready", method: .get)
      #expect(ready.status == (isReady ? .ok : .serviceUnavailable))
      #expect(ready.headers[.cacheControl] == "no-store")
      let elsewhere = try await client.execute(uri: "/v1/models", method: .get)
      #expect(elsewhere.status == .notFound)
    }
  }

  @Test("It has no other routes than those")
  func routes() {
    let router = OperationsRoutes.router(isReady: { true })
    #expect(router.routes.map { $0.path.description }.sorted() == ["/health/live", "/health/ready"])
  }
}
