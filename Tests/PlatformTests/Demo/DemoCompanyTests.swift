import Core
import Foundation
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The demo company")
struct DemoCompanyTests {
  @Test("It can be signed in to and called at once, by admin and member")
  func usable() async throws {
    try await withDemo { services, folder in
      let demo = try await services.demo.ensure(folder: folder)
      for person in [demo.admin, demo.member] {
        let fresh = try await services.accounts.signIn(
          email: person.email, password: Sensitive(person.password), from: World.origin)
        let overview = try await services.resources.overview(as: Caller(user: fresh.user))
        #expect(overview.map(\.resource.name) == ["Document search", "Support assistant"])
        #expect(overview.map(\.resource.id.text) == [demo.embeddingsResource, demo.textResource])
        #expect(overview.map(\.resource.models) == [[SmallCatalog.miniLM], [SmallCatalog.extractive]])
      }
      let feed = ChangeFeed(
        database: services.context.database, clock: services.context.clock, logger: services.context.logger)
      let directory = KeyDirectory(
        database: services.context.database, feed: feed, clock: services.context.clock)
      for (plain, resource) in [(demo.textKey, demo.textResource), (demo.embeddingsKey, demo.embeddingsResource)] {
        guard case .needsStorage(let pending) = directory.find(plain) else { throw Unexpected() }
        #expect(try await directory.load(pending).get().resourceID.text == resource)
      }
      let companies = try await services.context.database.read { try $0.companies() }
      #expect(companies.map(\.name) == ["Northwind"])
      let (found, lines, settledAt) = try await services.context.database.read { transaction in
        let id = companies[0].id
        return (try transaction.companyFacts(id), try transaction.ledger(of: id), try transaction.settledAt(of: id))
      }
      let facts = try #require(found)
      #expect(CompanyTimeline(facts).balance(at: services.context.clock.now()).total == 200)
      #expect(LedgerVerification.problems(in: facts, lines: lines, settledAt: settledAt) == [])
    }
  }

  @Test("G-20: everything that it is made of is in its activity, and no password or key")
  func activity() async throws {
    try await withDemo { services, folder in
      let demo = try await services.demo.ensure(folder: folder)
      let (company, deeds) = try await services.context.database.read { transaction in
        let id = try transaction.companies()[0].id
        return (id, try transaction.activity(of: id, limit: 100).reversed().map(\.deed))
      }
      let sentences = deeds.map(\.sentence)
      #expect(sentences.first?.hasPrefix("Founded “Northwind”") == true)
      #expect(sentences.dropFirst().first == "Added Bram de Wit as a member")
      for (name, id) in [("Support assistant", demo.textResource), ("Document search", demo.embeddingsResource)] {
        let own = deeds.filter { $0.resourceID?.text == id }
        #expect(own.map(\.kind) == [.capacity, .team, .team, .key])
        #expect(own[0].sentence.hasPrefix("Provisioned “\(name)” ("))
        #expect(
          own[1...2].map(\.sentence) == [
            "Added Bram de Wit to the team of “\(name)”", "Added Ada Okafor to the team of “\(name)”",
          ])
        #expect(own[3].sentence.hasPrefix("Created the key “Demo” (") && own[3].sentence.hasSuffix(") of “\(name)”"))
      }
      #expect(sentences.count == 10)
      let all = sentences.joined()
      for secret in [demo.textKey, demo.embeddingsKey, demo.admin.password, demo.member.password] {
        #expect(!all.contains(secret))
      }
      let audit = ActivityAudit(database: services.context.database, masterKey: services.context.masterKey)
      #expect(try await audit.verify(company).allSatisfy { $0.report.isIntact })
    }
  }

  @Test("A later start changes nothing and gives the same")
  func idempotent() async throws {
    try await withDemo { services, folder in
      let first = try await services.demo.ensure(folder: folder)
      let second = try await services.demo.ensure(folder: folder)
      #expect(first == second)
      #expect(try await services.context.database.read { try $0.userCount() } == 2)
    }
  }

  @Test("The file has exactly the promised members and is its owner's alone")
  func file() async throws {
    try await withDemo { services, folder in
      let demo = try await services.demo.ensure(folder: folder)
      let path = folder + "/demo.json"
      let data = try #require(FileManager.default.contents(atPath: path))
      let members = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(
        Set(members.keys) == [
          "admin", "member", "textResource", "embeddingsResource", "textKey", "embeddingsKey",
        ])
      #expect((members["admin"] as? [String: String]) == ["email": demo.admin.email, "password": demo.admin.password])
      #expect(demo.admin.email == "ada@northwind.example")
      #expect(!PrivateFile.isOpenToOthers(path))
      #expect(PasswordHasher.problem(with: Sensitive(demo.admin.password)) == nil)
      #expect(demo.admin.password != demo.member.password)
    }
  }

  @Test("A file that was written before a crash, without its company, is written anew")
  func crashBetween() async throws {
    try await withDemo { services, folder in
      let lost = DemoDraft(services.context).credentials
      try PrivateFile.write(try lost.json(), to: folder + "/demo.json")
      let demo = try await services.demo.ensure(folder: folder)
      #expect(demo != lost)
      #expect(try await services.demo.ensure(folder: folder) == demo)
    }
  }

  @Test("A company whose file is gone is told with a sentence")
  func fileGone() async throws {
    try await withDemo { services, folder in
      _ = try await services.demo.ensure(folder: folder)
      try FileManager.default.removeItem(atPath: folder + "/demo.json")
      let error = await platformError { _ = try await services.demo.ensure(folder: folder) }
      guard case .conflict = try #require(error) else { throw Unexpected() }
    }
  }

  @Test("A folder that cannot be written is told with a sentence, and no company is made")
  func unwritable() async throws {
    try await withDemo { services, folder in
      let error = await platformError { _ = try await services.demo.ensure(folder: folder + "/missing") }
      guard case .unavailable(let sentence) = try #require(error) else { throw Unexpected() }
      #expect(sentence.contains("/missing/demo.json"))
      #expect(try await !services.demo.exists())
    }
  }

  private func withDemo(_ body: (PlatformServices, String) async throws -> Void) async throws {
    try await TestDatabase.each { test in
      try await TemporaryFolder.with { folder in
        let context = World.context(test.database, clock: ManualClock())
        try await body(PlatformServices(context, passwordCost: PasswordCost(log2Rounds: 4)), folder)
      }
    }
  }
}
