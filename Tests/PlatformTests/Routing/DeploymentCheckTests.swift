import Core
import Dialects
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Checking deployments (N-5)")
struct DeploymentCheckTests {
  /// Answers every call the same, and keeps what it was asked.
  private final class Answering: UpstreamTransport {
    let status: Int
    let body: String
    let failure: UpstreamFailure?
    private let kept = Mutex<[String]>([])

    init(status: Int = 200, body: String = "", failure: UpstreamFailure? = nil) {
      (self.status, self.body, self.failure) = (status, body, failure)
    }

    var bodies: [String] { kept.withLock { $0 } }

    func open(_ request: UpstreamRequest, requestID: RequestID) async throws(UpstreamFailure) -> UpstreamAnswer {
      kept.withLock { $0.append(String(decoding: request.body.reveal(), as: UTF8.self)) }
      if let failure { throw failure }
      let bytes = Array(body.utf8)
      return UpstreamAnswer(
        status: status, headers: [],
        body: AsyncThrowingStream<[UInt8], any Error> { continuation in
          continuation.yield(bytes)
          continuation.finish()
        })
    }
  }

  private static func finding(_ transport: any UpstreamTransport, patience: Duration = .seconds(60)) async
    -> DeploymentFinding?
  {
    let policy = CallPolicy(
      catalog: RoutingCatalog.catalog, deployments: { _ in [] },
      provider: { _ in .remote(FakeProvider(transport: transport)) },
      checkLimits: { _, _ throws(InvalidRequest) in })
    let check = DeploymentCheck(policy, patience: patience)
    return await check.findings(
      of: [RoutingCatalog.deployments[1]], requestIDs: RequestIDSource(random: .seeded(1))
    ).first
  }

  @Test("A deployment that answers works; it was asked for one token")
  func works() async {
    let transport = Answering(body: FakeTransport.Script.whole(input: 1, output: 1).pieces.joined())
    let found = await Self.finding(transport)
    #expect(found?.works == true && found?.problem == nil && found?.milliseconds != nil)
    #expect(found?.deployment == "eu-central-1/claude-sonnet-4-6" && found?.kind == "openai-compatible")
    #expect(transport.bodies.count == 1 && transport.bodies.allSatisfy { $0.contains("\"max_tokens\":1") })
  }

  @Test(
    "What is missing is said in words",
    arguments: [
      (401, "does not accept the credentials (401)"),
      (403, "does not let these credentials use claude-sonnet-4-6 (403)"),
      (404, "has no model claude-sonnet-4-6 there (404)"), (429, "wants fewer calls"), (500, "(500)"), (400, "(400)"),
    ])
  func statuses(status: Int, words: String) async {
    let found = await Self.finding(Answering(status: status, body: #"{"error":{"message":"secret"}}"#))
    #expect(found?.works == false)
    #expect(found?.problem?.contains(words) == true, "\(found?.problem ?? "")")
    #expect(found?.remedy?.hasSuffix(".") == true)
    #expect(found?.problem?.contains("secret") == false)
  }

  @Test("No connection, an answer in another dialect and silence are told as what they are")
  func failures() async {
    let unreached = await Self.finding(Answering(failure: UpstreamFailure(.connection, "Nothing listens there.")))
    #expect(unreached?.problem == "Nothing listens there." && unreached?.remedy?.contains("firewall") == true)
    let garbled = await Self.finding(Answering(body: "<html></html>"))
    #expect(garbled?.works == false && garbled?.remedy?.contains("dialect") == true)
    let hanging = FakeTransport { _ async throws(UpstreamFailure) in
      try? await Task.sleep(for: .seconds(600))
      throw UpstreamFailure(.connection, "Cancelled.")
    }
    let silent = await Self.finding(hanging, patience: .milliseconds(50))
    #expect(silent?.problem?.contains("did not answer within") == true)
  }

  @Test("Many are checked a few at a time, and told in their order")
  func many() async {
    let running = Mutex(0)
    let most = Mutex(0)
    let transport = FakeTransport { _ async throws(UpstreamFailure) in
      let now = running.withLock { count in
        count += 1
        return count
      }
      most.withLock { $0 = max($0, now) }
      try? await Task.sleep(for: .milliseconds(2))
      running.withLock { $0 -= 1 }
      return .whole(input: 1, output: 1)
    }
    let policy = CallPolicy(
      catalog: RoutingCatalog.catalog, deployments: { _ in [] },
      provider: { _ in .remote(FakeProvider(transport: transport)) },
      checkLimits: { _, _ throws(InvalidRequest) in })
    let deployments = (0..<40).map { RoutingCatalog.deployments[$0 % 4] }
    let found = await DeploymentCheck(policy).findings(
      of: deployments, requestIDs: RequestIDSource(random: .seeded(1)))
    #expect(found.map(\.deployment) == deployments.map(\.id.text) && found.allSatisfy(\.works))
    #expect(most.withLock { $0 } <= 4)
  }
}
