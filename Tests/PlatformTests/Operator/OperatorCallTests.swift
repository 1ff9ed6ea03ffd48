import Core
import Foundation
import Storage
import Testing

@testable import Platform

@Suite("Requests of the operator on their way through the control socket")
struct OperatorCallTests {
  @Test("Every request arrives as it was sent, and is done as if it had been asked for directly")
  func roundTrip() async throws {
    try await withWorld(tokens: 200) { world in
      func ask<Request: OperatorRequest>(_ request: Request) async throws -> Request.Outcome {
        let sent = try JSONEncoder().encode(OperatorCall(request))
        let answer = await world.desk.answer(try JSONDecoder().decode(OperatorCall.self, from: sent))
        let back = try JSONDecoder().decode(OperatorAnswer.self, from: try JSONEncoder().encode(answer))
        return try back.outcome(as: Request.Outcome.self)
      }
      let company = try await ask(world.creation(password: "a staple of its own"))
      #expect(company.password == nil)
      #expect(try await ask(world.grant()).balance.total == 300)
      #expect(try await ask(world.subscription(status: "inactive")).hasChanged)
      let user = try await ask(world.newUser())
      let reset = ResetPassword(email: user.user.email, password: nil, idempotencyKey: world.submit())
      #expect(try await ask(reset).password != nil)
      let closing = ChangeMember(
        company: "Northwind", email: user.user.email, change: .deactivate, idempotencyKey: world.submit())
      #expect(try await ask(closing).user.status == "deactivated")
      let id = try #require(try await ask(world.order()).resource?.id)
      #expect(try await ask(world.end(id)).ends.map(\.id) == [id])
      let cancelled = try await ask(CancelDeprovisioning(resource: id, idempotencyKey: world.submit()))
      #expect(cancelled.names == ["Ordered"])
      let added = try await ask(world.account("frankfurt"))
      #expect(added.name == "frankfurt")
      #expect(try await ask(world.newSecret("frankfurt", "another-key")).earlierFingerprint == added.fingerprint)
      let removal = RemoveProviderAccount(name: "frankfurt", idempotencyKey: world.submit())
      #expect(try await ask(removal).name == "frankfurt")
      #expect(OperatorDesk.requests.count == 12, "a new request belongs into this test")
    }
  }

  @Test("Another version, an unknown request and a body that can't be read are refused by the same sentence, undone")
  func otherVersion() async throws {
    try await withWorld { world in
      let body = try JSONEncoder().encode(world.creation())
      let calls = [
        OperatorCall(version: OperatorCall.currentVersion + 1, verb: CreateCompany.verb, body: body),
        OperatorCall(verb: "company.paint", body: body),
        OperatorCall(verb: GrantContract.verb, body: body), OperatorCall(verb: CreateCompany.verb, body: Data()),
      ]
      for call in calls {
        let answer = await world.desk.answer(call)
        #expect(throws: OperatorRefusal.otherVersion) { try answer.outcome(as: CreateCompany.Outcome.self) }
      }
      #expect(try await world.reports.companies().count == 2)
      let good = OperatorCall(verb: CreateCompany.verb, body: body)
      _ = try await world.desk.answer(good).outcome(as: CreateCompany.Outcome.self)
      #expect(try await world.reports.companies().count == 3)
      #expect(throws: OperatorRefusal.otherVersion) {
        try OperatorAnswer.done(Data("{}".utf8)).outcome(as: CreateCompany.Outcome.self)
      }
    }
  }

  @Test("Refusals keep their kind and their fields")
  func refusals() async throws {
    try await withWorld { world in
      func refusal(_ request: some OperatorRequest) async throws -> OperatorRefusal {
        guard case .refused(let refusal) = await world.desk.answer(try OperatorCall(request)) else {
          throw Unexpected()
        }
        return refusal
      }
      let wrong = try await refusal(world.grant("none"))
      #expect(wrong.kind == .input && wrong.problems.map(\.field) == ["cloud-tokens"])
      let taken = try await refusal(world.creation("Northwind"))
      #expect(taken.kind == .refused && taken.problems.map(\.field) == [""])
    }
  }

  @Test("What nobody expected is told by its kind only: it may hold what was entered")
  func unexpected() {
    struct Leak: Error { let text = "secret" }
    let refusal = OperatorRefusal(Leak())
    #expect(refusal.kind == .failed && refusal.problems.count == 1)
    #expect(refusal.problems[0].sentence.contains("Leak") && !refusal.problems[0].sentence.contains("secret"))
    #expect(OperatorRefusal(PlatformError.unavailable("Later.")).kind == .failed)
    #expect(OperatorRefusal(PlatformError.refused(["A.", "B."])).problems.map(\.sentence) == ["A.", "B."])
  }
}
