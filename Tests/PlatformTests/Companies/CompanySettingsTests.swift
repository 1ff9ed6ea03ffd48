import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("A company's settings")
struct CompanySettingsTests {
  private func edit(
    _ world: World, name: String = "Northwind", timeZone: String? = nil, as caller: Caller? = nil
  ) async throws -> CompanyOutcome {
    try await world.services.companies.edit(
      name: name, timeZone: timeZone, idempotencyKey: world.submit(), as: caller ?? world.ada)
  }

  @Test("P-2: the zone can be changed until the first resource is provisioned, and is final from then on")
  func timeZone() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      #expect(try await companies.settings(as: world.ada).isTimeZoneFinal == false)
      let outcome = try await edit(world, timeZone: "Europe/Amsterdam")
      #expect(outcome.hasChanged && outcome.timeZone == "Europe/Amsterdam")
      #expect(try await companies.home(of: world.ada).zone.identifier == "Europe/Amsterdam")
      #expect(try await !edit(world, timeZone: "Europe/Amsterdam").hasChanged)
      let wrong = await platformError { _ = try await edit(world, name: " ", timeZone: "Mars/Olympus") }
      guard case .invalid(let input) = try #require(wrong) else { throw Unexpected() }
      #expect(input.problems.map(\.field) == ["name", "timeZone"])

      try await world.provision()
      #expect(try await companies.settings(as: world.ada).isTimeZoneFinal)
      let final = await platformError { _ = try await edit(world, timeZone: "UTC") }
      guard case .invalid(let late) = try #require(final) else { throw Unexpected() }
      #expect(late.problems.map(\.field) == ["timeZone"] && late.problems[0].message.contains("final"))
      // The same zone, sent along, is no problem.
      #expect(try await edit(world, name: "Northwind B.V.", timeZone: "Europe/Amsterdam").hasChanged)
      #expect(try await companies.home(of: world.ada).company.name == "Northwind B.V.")
      #expect(
        try await world.activity().filter { $0.hasPrefix("Renamed") || $0.hasPrefix("Set the time") } == [
          "Renamed the company from “Northwind” to “Northwind B.V.”", "Set the time zone to Europe/Amsterdam",
        ])
      #expect(try await world.ledgerProblems().isEmpty)
    }
  }

  @Test("P-2, R-6: the switch sent once more after somebody switched it back is refused, and stays")
  func staleSwitch() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      func set(_ isOn: Bool, _ key: String) async throws {
        _ = try await companies.setExternalInvitations(isOn, idempotencyKey: key, as: world.ada)
      }
      for _ in 0..<2 { try await set(true, "on") }
      try await set(false, "off")
      #expect(await platformError { try await set(true, "on") } == PlatformError.undone("the switch"))
      #expect(try await !companies.home(of: world.ada).company.externalInvitationsEnabled)
    }
  }

  @Test("P-1: no company takes another one's name or id, by which the operator means it; its own it keeps")
  func takenName() async throws {
    try await withWorld { world in
      let other = try #require(world.stranger.user.companyID)
      for (name, part) in [("Other", "has this name."), (other.text, "has this name as its id.")] {
        let refusal = await platformError { _ = try await edit(world, name: name, timeZone: "Mars/Olympus") }
        guard case .invalid(let input) = try #require(refusal) else { throw Unexpected() }
        #expect(input.problems.map(\.field) == ["name", "timeZone"] && input.problems[0].message.contains(part))
      }
      #expect(try await edit(world, name: world.company.id.text).hasChanged)
      #expect(try await !edit(world, name: world.company.id.text).hasChanged)
      #expect(try await edit(world, name: "Another").hasChanged)
    }
  }

  @Test("P-2: of two companies that choose one name at once, one gets it")
  func nameRace() async throws {
    try await withWorld { world in
      for round in 0..<8 {
        let outcomes = await withTaskGroup(of: Bool.self) { group in
          for caller in [world.ada, world.stranger] {
            group.addTask {
              await platformError { _ = try await edit(world, name: "Name \(round)", as: caller) } == nil
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 } == 1)
        let names = try await world.database.read { try $0.companies().map(\.name) }
        #expect(Set(names).count == 2, "\(names)")
      }
    }
  }

  @Test("P-2: only a company admin switches external invitations, off at first; a repeat changes nothing")
  func externalInvitations() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      #expect(try await companies.settings(as: world.ada).company.company.externalInvitationsEnabled == false)
      func set(_ isOn: Bool, as caller: Caller) async throws -> CompanyOutcome {
        try await companies.setExternalInvitations(isOn, idempotencyKey: world.submit(), as: caller)
      }
      guard case .forbidden = try #require(await platformError { _ = try await set(true, as: world.bram) }) else {
        throw Unexpected()
      }
      #expect(try await set(true, as: world.ada).hasChanged)
      #expect(try await !set(true, as: world.ada).hasChanged)
      #expect(try await companies.home(of: world.ada).company.externalInvitationsEnabled)
      #expect(try await set(false, as: world.ada).hasChanged)
      #expect(
        try await world.activity().prefix(2) == [
          "Switched external invitations off", "Switched external invitations on",
        ])
      #expect(try await companies.home(of: world.stranger).company.externalInvitationsEnabled == false)
    }
  }

  @Test("E-1 to E-4: the page tells each rule's verdict, the accounts, and the order path; it is for admins")
  func verdicts() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      let settings = try await companies.settings(as: world.ada)
      #expect(settings.verdicts.map(\.finding) == [.met, .met, .met, .met])
      #expect(settings.accounts.count == 1 && settings.orderPath.contains("Mendix Support"))
      let company = world.company.id
      try await world.context.write { try $0.replacePlatformAccounts(of: company, by: []) }
      #expect(try await companies.settings(as: world.ada).verdicts.map(\.finding) == [.met, .open, .unmet, .unmet])
      guard case .forbidden = try #require(await platformError { _ = try await companies.settings(as: world.bram) })
      else { throw Unexpected() }
      guard
        case .forbidden = try #require(
          await platformError { _ = try await edit(world, name: "Mine", as: world.bram) })
      else { throw Unexpected() }
    }
  }

  @Test("P-2: an edit of a company that somebody else changed meanwhile is refused; who does not ask is not held up")
  func stale() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      func save(_ name: String, _ revision: String?) async throws -> CompanyOutcome {
        try await companies.edit(
          name: name, timeZone: nil, revision: revision, idempotencyKey: world.submit(), as: world.ada)
      }
      let seen = try await companies.settings(as: world.ada).revision
      #expect(try await save("First", seen).hasChanged)
      let refusal = await platformError { _ = try await save("Second", seen) }
      guard case .conflict(let sentence) = try #require(refusal) else { throw Unexpected() }
      #expect(sentence.contains("“First”"))
      #expect(try await companies.home(of: world.ada).company.name == "First")
      #expect(try await save("Second", try await companies.settings(as: world.ada).revision).hasChanged)
      #expect(try await save("Third", nil).hasChanged)
      // The switch is no part of what the dialog edits.
      let before = try await companies.settings(as: world.ada).revision
      _ = try await companies.setExternalInvitations(true, idempotencyKey: world.submit(), as: world.ada)
      #expect(try await companies.settings(as: world.ada).revision == before)
    }
  }

  @Test("A dry run of an edit changes nothing; a repeat gives the first outcome")
  func repeats() async throws {
    try await withWorld { world in
      let companies = world.services.companies
      let dry = try await companies.edit(name: "X", timeZone: nil, idempotencyKey: "a", mode: .dryRun, as: world.ada)
      #expect(dry.hasChanged && dry.name == "X")
      #expect(try await companies.home(of: world.ada).company.name == "Northwind")
      let first = try await companies.edit(name: "Y", timeZone: nil, idempotencyKey: "a", as: world.ada)
      #expect(try await companies.edit(name: "Z", timeZone: nil, idempotencyKey: "a", as: world.ada) == first)
      #expect(try await companies.home(of: world.ada).company.name == "Y")
    }
  }
}
