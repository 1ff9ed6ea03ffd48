import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Provisioning (R-2 to R-7)")
struct ProvisioningTests {
  @Test("A double submit creates one resource and takes its tokens once (R-6)")
  func doubleSubmit() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let request = world.request()
      let first = try await resources.provision(request, idempotencyKey: "one", as: world.ada)
      let second = try await resources.provision(request, idempotencyKey: "one", as: world.ada)
      #expect(!first.wasRepeated)
      #expect(
        second
          == ProvisioningOutcome(
            resource: first.resource, invitation: first.invitation, wasRepeated: true))
      let list = try await resources.controlCenter(as: world.ada)
      #expect(list.rows.map(\.resource.id) == [first.resource])
      #expect(list.balance == TokenBalance(total: 200, allocated: 30))
      #expect(first.resource.text.wholeMatch(of: /[0-9a-z]{10}/) != nil)
    }
  }

  @Test("The same submit eight times at once creates one resource (R-6)")
  func concurrentSubmits() async throws {
    try await withWorld { world in
      let request = world.request()
      let outcomes = try await withThrowingTaskGroup(of: ProvisioningOutcome.self) { group in
        for _ in 0..<8 {
          group.addTask {
            try await world.services.resources.provision(request, idempotencyKey: "same", as: world.ada)
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(outcomes.map(\.resource)).count == 1)
      #expect(outcomes.count { !$0.wasRepeated } == 1)
    }
  }

  @Test("500 that ask for the last 100 tokens at once get exactly 100, and the ledger verifies (R-6, E-1, T-3)")
  func lastTokens() async throws {
    try await withWorld(tokens: 100) { world in
      let errors = await withTaskGroup(of: PlatformError?.self) { group in
        for number in 0..<500 {
          // One to five tokens: with so many that ask for one, none is left over.
          let request = world.request("Resource \(number)", tokens: CloudTokens(Int64(number % 5 + 1)))
          group.addTask {
            await platformError {
              _ = try await world.services.resources.provision(request, idempotencyKey: "\(number)", as: world.ada)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let granted = errors.count { $0 == nil }
      let others = errors.compactMap { $0 }.filter { if case .refused = $0 { false } else { true } }
      #expect(others == [])
      let facts = try #require(try await world.database.read { try $0.companyFacts(world.company.id) })
      let later = world.clock.now.adding(seconds: 10)
      #expect(CompanyTimeline(facts).balance(at: later) == TokenBalance(total: 100, allocated: 100))
      #expect(try await world.ledgerProblems() == [])
      #expect(facts.resources.count == granted)
    }
  }

  @Test("A clock that was set back in between does not give the same tokens out twice (E-1, T-3)")
  func clockSetBack() async throws {
    try await withWorld(tokens: 100) { world in
      world.clock.advance(hours: 1)
      try await world.provision(world.request(tokens: 60))
      world.clock.advance(milliseconds: -60_000)
      let error = await platformError { try await world.provision(world.request(tokens: 60)) }
      guard case .refused = try #require(error) else { throw Unexpected() }
      try await world.provision(world.request(tokens: 40))
      #expect(try await world.services.resources.overview(as: world.ada).count == 2)
    }
  }

  @Test("The named colleague and the provisioning admin are on the team; a stranger's address stays a reference (R-4)")
  func team() async throws {
    try await withWorld { world in
      let forBram = try await world.provision(world.request(email: "BRAM@own.example"))
      let forStranger = try await world.provision(world.request(email: world.stranger.user.email))
      let (first, second) = try await world.database.read { transaction in
        (try transaction.team(of: forBram), try transaction.team(of: forStranger))
      }
      #expect(Set(first.map(\.id)) == [world.ada.id, world.bram.id])
      #expect(second.map(\.id) == [world.ada.id])
      let team = try await world.services.resources.team(of: forBram, as: world.bram)
      #expect(team.map(\.user.name) == ["Ada", "Bram"])
      #expect(team.allSatisfy { !$0.isExternal })
      let kept = try await world.services.resources.resource(forStranger, for: .seeResource, as: world.ada)
      #expect(kept.resource.createdFor.email == "mallory@other.example")
    }
  }

  @Test("Whatever is not eligible is refused with every reason, and nothing is left behind (E-1, R-6)")
  func ineligible() async throws {
    try await withWorld(tokens: 20) { world in
      let request = world.request(tokens: 30)
      let error = await platformError {
        _ = try await world.services.resources.provision(request, idempotencyKey: "one", as: world.ada)
      }
      guard case .refused(let reasons) = try #require(error) else { throw Unexpected() }
      #expect(reasons.count == 1 && reasons[0].contains("30 Cloud Tokens"), "\(reasons)")
      #expect(try await world.services.resources.controlCenter(as: world.ada).rows.isEmpty)
      // The key was not used up by the refusal.
      let smaller = try await world.services.resources.provision(
        world.request(tokens: 20), idempotencyKey: "one", as: world.ada)
      #expect(!smaller.wasRepeated)
    }
  }

  @Test("All that is wrong with the form is told at once, each with its field (R-2)")
  func invalid() async throws {
    try await withWorld { world in
      let error = await platformError {
        _ = try await world.services.resources.provision(
          ProvisionRequest(type: .text), idempotencyKey: "one", as: world.ada)
      }
      guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
      let fields = Set(input.problems.map(\.field))
      for field in [ProvisionField.name, .environment, .region, .capacity, .userName, .userEmail] {
        #expect(fields.contains(field.rawValue), "\(field)")
      }
    }
  }

  @Test("Terms have to be confirmed in the version shown, and the confirmation is recorded (R-7)")
  func terms() async throws {
    try await withWorld { world in
      var request = world.request()
      request.region = SmallCatalog.frankfurt
      request.models = [SmallCatalog.sonnet]
      for acknowledged in [nil, [], [TermsVersion(terms: Identifier("anthropic"), version: "0")]] as [[TermsVersion]?] {
        request.acknowledgedTerms = acknowledged
        let tried = request
        let error = await platformError {
          _ = try await world.services.resources.provision(tried, idempotencyKey: "one", as: world.ada)
        }
        guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
        #expect(input.problems.map(\.field) == [ProvisionField.terms.rawValue])
      }
      request.acknowledgedTerms = [TermsVersion(terms: Identifier("anthropic"), version: "1")]
      let id = try await world.provision(request)
      let recorded = try await world.database.read { try $0.acknowledgements(of: id) }
      #expect(recorded.map(\.version) == ["1"])
      #expect(recorded.map(\.userID) == [world.ada.id])
    }
  }

  @Test("Only company admins provision, see the form or the specification (P-6)")
  func onlyAdmins() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let request = world.request()
      let errors = [
        await platformError { _ = try await resources.provision(request, idempotencyKey: "one", as: world.bram) },
        await platformError { _ = try await resources.provisioningPage(as: world.bram) },
        await platformError { _ = try await resources.specification(request, as: world.bram) },
        await platformError { _ = try await resources.controlCenter(as: world.bram) },
      ]
      for error in errors {
        guard case .forbidden = error else {
          Issue.record("not forbidden: \(String(describing: error))")
          continue
        }
      }
    }
  }

  @Test("The first provisioning may still choose the time zone; another one later is a problem beside all others (P-2)")
  func timeZone() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      #expect(try await !resources.provisioningPage(as: world.ada).isTimeZoneFinal)
      func provision(_ name: String, _ zone: String?, tokens: CloudTokens = 30) async throws {
        _ = try await resources.provision(
          world.request(name, tokens: tokens), timeZone: zone.flatMap { CompanyZone($0) },
          idempotencyKey: world.submit(), as: world.ada)
      }
      try await provision("First", "Pacific/Auckland")
      for (name, tokens, fields) in [
        ("Second", 30, ["timeZone"]), (" ", 30, ["name", "timeZone"]), ("Second", 5_000, ["timeZone"]),
      ] as [(String, CloudTokens, [String])] {
        let problems = try await platformProblems { try await provision(name, "Europe/Amsterdam", tokens: tokens) }
        #expect(problems.keys.sorted() == fields)
        #expect(problems["timeZone"]?.contains("is Pacific/Auckland, which is final since its first resource") == true)
      }
      #expect(try await resources.controlCenter(as: world.ada).rows.count == 1)
      // The same zone, sent along, is no problem, and none neither.
      try await provision("Second", "Pacific/Auckland")
      try await provision("Third", nil)
      let page = try await resources.provisioningPage(as: world.ada)
      #expect(page.isTimeZoneFinal)
      #expect(page.company.zone.identifier == "Pacific/Auckland")
    }
  }

  @Test("G-20: who is on the team from the beginning, or invited to it, is in the activity")
  func teamActivity() async throws {
    try await withWorld { world in
      func deeds(_ id: ResourceID) async throws -> [String] {
        try await world.services.activity.activity(of: id, as: world.ada).lines.elements.map(\.sentence).reversed()
      }
      let joined = try await world.provision(world.request("One", tokens: 1, email: "bram@own.example"))
      #expect(
        try await deeds(joined).dropFirst() == ["Joined the team of “One”", "Added Bram to the team of “One”"])
      let own = try await world.provision(world.request("Two", tokens: 1, email: "ada@own.example"))
      #expect(try await deeds(own).dropFirst() == ["Joined the team of “Two”"])
      // A new invitation, and one that is pending already.
      for name in ["Three", "Four"] {
        let invited = try await world.provision(world.request(name, tokens: 1, email: "new@own.example"))
        #expect(
          try await deeds(invited).dropFirst() == [
            "Joined the team of “\(name)”", "Invited Somebody to the team of “\(name)”",
          ])
      }
      #expect(try await world.activity().count { $0.hasPrefix("Invited “Somebody”") } == 1)
    }
  }

  @Test("An admin who lost the role since the page was opened is refused (P-6)")
  func lostRole() async throws {
    try await withWorld { world in
      var demoted = world.ada.user
      demoted.companyRole = .member
      let member = demoted
      try await world.database.write { try $0.update(member) }
      let error = await platformError { _ = try await world.provision() }
      guard case .forbidden = try #require(error) else { throw Unexpected() }
    }
  }

  @Test("The specification shows what would be, and changes nothing (R-3)")
  func specification() async throws {
    try await withWorld(tokens: 40) { world in
      let resources = world.services.resources
      let fits = try await resources.specification(world.request(tokens: 40), as: world.ada)
      #expect(fits.tokensConsumption == "40 / 40")
      #expect(fits.allowanceSentence == "4,000 GenAI Units each bundle month")
      #expect(fits.canProvision)
      let exceeds = try await resources.specification(world.request(tokens: 41), as: world.ada)
      #expect(exceeds.exceedsBalance)
      #expect(!exceeds.canProvision)
      let empty = try await resources.specification(ProvisionRequest(type: .text), as: world.ada)
      #expect(empty.tokensAsked == nil)
      #expect(try await resources.controlCenter(as: world.ada).balance.allocated == 0)
    }
  }
}
