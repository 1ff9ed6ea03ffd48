import Core
import Foundation
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("Provider accounts that the operator enters (N-1, P-1)")
struct ProviderAccountTests {
  private func secret(_ world: World, _ name: String) async throws -> Result<ProviderSecret, ProviderSecretProblem> {
    let account = ProviderAccount.described(name, credentials: .stored)
    return try await world.providerAccounts.all().secret(for: account)
  }

  @Test("An account is entered, gets another secret, and is forgotten; what was done stands in the activity (G-20)")
  func life() async throws {
    try await withWorld { world in
      let added = try await world.desk.perform(world.account())
      #expect(added.kind == "bedrock" && added.region == "eu-central-1" && added.fingerprint.utf8.count == 8)
      #expect(try await secret(world, "frankfurt") == .success(ProviderSecret(.key("sesame-bearer-token"))))
      world.clock.advance(hours: 1)
      let changed = try await world.desk.perform(world.newSecret("frankfurt", "AKIDEXAMPLE\nsesame-key\ntoken"))
      #expect(changed.earlierFingerprint == added.fingerprint && changed.fingerprint != added.fingerprint)
      #expect(
        try await secret(world, "frankfurt")
          == .success(ProviderSecret(.accessKey(id: "AKIDEXAMPLE", secret: "sesame-key", sessionToken: "token"))))
      let listed = try await world.reports.providerAccounts()
      #expect(listed.map(\.name) == ["frankfurt"] && listed[0].secret == .stored && !listed[0].isInFile)
      #expect(listed[0].fingerprint == changed.fingerprint && listed[0].enteredAt == world.clock.now.utcText)
      #expect(listed[0].enteredBy == "operator")

      #expect(try await world.desk.perform(world.removal("frankfurt")).name == "frankfurt")
      #expect(try await secret(world, "frankfurt") == .failure(.missing))
      #expect(try await world.reports.providerAccounts().isEmpty)
      #expect(
        try await world.reports.providerHistory().map(\.sentence) == [
          "Removed the provider account frankfurt and its secret",
          "Changed the secret of the provider account frankfurt",
          "Added the provider account frankfurt (bedrock, eu-central-1)",
        ])
    }
  }

  @Test("Nothing that was entered is in the database, in an outcome or in what a repeat is known by")
  func nothingInTheClear() async throws {
    try await withWorld { world in
      let canary = "canary-\(world.submit())"
      let added = try await world.desk.perform(world.account(secret: canary))
      let changed = try await world.desk.perform(world.newSecret("frankfurt", "AKID\(canary)\n\(canary)"))
      let outcomes = String(decoding: try JSONEncoder().encode(added) + JSONEncoder().encode(changed), as: UTF8.self)
      #expect(outcomes.contains("frankfurt") && !outcomes.contains(canary))
      let found = try await world.database.read { transaction in
        let rows = try transaction.query(
          """
          SELECT result AS text FROM idempotency_claims WHERE result IS NOT NULL
          UNION ALL SELECT sentence FROM installation_activity UNION ALL SELECT id FROM changes
          UNION ALL SELECT name || kind || fingerprint || key_id || changed_by FROM provider_accounts
          """
        ).map { try $0.text("text") }.joined()
        let boxes = try transaction.query("SELECT sealed_secret FROM provider_accounts").map {
          try $0.bytes("sealed_secret")
        }
        return (rows, boxes.joined())
      }
      #expect(found.0.contains("frankfurt") && !found.0.contains(canary))
      #expect(!found.1.isEmpty && Array(found.1).firstRange(of: Array(canary.utf8)) == nil)
    }
  }

  @Test("A row of the database that was changed or moved opens no more, and hides no other account")
  func rows() async throws {
    let changes = [
      "UPDATE provider_accounts SET name = 'moved' WHERE name = 'frankfurt'",
      "UPDATE provider_accounts SET kind = 'anthropic' WHERE name = 'frankfurt'",
      "UPDATE provider_accounts SET kind = 'telepathy' WHERE name = 'frankfurt'",
      "UPDATE provider_accounts SET endpoint = 'https://thief.example' WHERE name = 'frankfurt'",
      "UPDATE provider_accounts SET fingerprint = '00000000' WHERE name = 'frankfurt'",
      """
      UPDATE provider_accounts SET
        nonce = (SELECT nonce FROM provider_accounts WHERE name = 'paris'),
        sealed_secret = (SELECT sealed_secret FROM provider_accounts WHERE name = 'paris')
      WHERE name = 'frankfurt'
      """,
    ]
    for change in changes {
      try await withWorld { world in
        for name in ["frankfurt", "paris"] { _ = try await world.desk.perform(world.account(name)) }
        #expect(
          try await secret(world, "frankfurt") == .success(ProviderSecret(.key("sesame-bearer-token"))), "control")
        try await world.tamper(change)
        let all = try await world.providerAccounts.all()
        let changed = all.accounts.filter { $0.account.name != "paris" }
        #expect(changed.allSatisfy { $0.secret == .failure(.altered) }, "\(change)")
        #expect(changed.count + all.unreadable.count == 1)
        #expect(try await secret(world, "paris") == .success(ProviderSecret(.key("sesame-bearer-token"))))
        let listed = try await world.reports.providerAccounts()
        #expect(listed.count == 2)
        for account in listed { _ = try await world.desk.perform(world.removal(account.name)) }
        #expect(try await world.reports.providerAccounts().isEmpty)
      }
    }
  }

  @Test("Under another master key each secret is told as sealed with another, until the account is entered again")
  func otherMasterKey() async throws {
    try await withWorld { world in
      for name in ["frankfurt", "paris"] { _ = try await world.desk.perform(world.account(name)) }
      let key = try #require(MasterKey(bytes: Array(repeating: 3, count: 32)))
      let later = world.context.with([], masterKey: key)
      let accounts = ProviderAccounts(later)
      #expect(
        try await accounts.all().accounts.map(\.secret) == [.failure(.otherMasterKey), .failure(.otherMasterKey)])
      let desk = PlatformServices(later, passwordCost: PasswordCost(log2Rounds: 4)).operatorDesk
      let refusal = try await conflict { _ = try await desk.perform(world.newSecret("paris", "entered-again")) }
      #expect(refusal == ProviderSecretProblem.otherMasterKey.sentence("paris", isInFile: false))
      _ = try await desk.perform(world.removal("paris"))
      _ = try await desk.perform(world.account("paris", secret: "entered-again"))
      #expect(
        try await accounts.all().accounts.map(\.secret) == [
          .failure(.otherMasterKey), .success(ProviderSecret(.key("entered-again"))),
        ])
    }
  }

  @Test("An account of the providers file gets its secret here where the file says so, and is never removed")
  func described() async throws {
    try await withWorld { world in
      let file: [ProviderAccount] = [
        .described("stored", credentials: .stored), .described("open", kind: .openAICompatible, credentials: .none),
        .described("env", credentials: .bearer(variable: "KEY")),
      ]
      let (desk, reports) = (world.desk(file), world.reports(file))
      #expect(try await reports.providerAccounts().map(\.secret) == [.missing, .none, .environment])
      for name in ["stored", "open"] {
        #expect(try await desk.perform(world.newSecret(name, "key-of-\(name)")).earlierFingerprint == nil)
      }
      let listed = try await reports.providerAccounts()
      #expect(listed.map(\.secret) == [.stored, .stored, .environment] && listed.allSatisfy(\.isInFile))
      #expect(listed[2].variables == ["KEY"] && listed[0].models == ["claude-sonnet-4-6"])
      let environment = try await conflict { _ = try await desk.perform(world.newSecret("env", "x")) }
      #expect(environment.contains("from the environment (KEY)"))
      let taken = try await conflict { _ = try await desk.perform(world.account("stored")) }
      #expect(taken.contains("packhouse provider set-secret stored"))
      let removal = try await conflict { _ = try await desk.perform(world.removal("stored")) }
      #expect(removal.contains("claude-sonnet-4-6") && removal.contains("providers file describes the account stored"))
      // Without its description only the secret is left, which is no account by itself.
      let alone = try await world.database.read { try $0.providerAccounts().readable }
      #expect(ProviderConfiguration.none.including(alone, in: world.context.catalog).accounts.isEmpty)
      #expect(try await world.desk.perform(world.removal("stored")).models == [])
    }
  }

  @Test("Every mistake is told with its option, and none repeats what was entered")
  func mistakes() async throws {
    try await withWorld { world in
      let wrong = try await platformProblems {
        _ = try await world.desk.perform(
          world.account("a b", kind: "telepathy", region: nil, address: "nowhere", secret: "hidden words"))
      }
      #expect(wrong.keys.sorted() == ["NAME", "address", "kind", "secret-file"])
      #expect(!wrong.values.joined().contains("hidden") && !wrong.values.joined().contains("a b"))
      #expect(try await world.wrongFields(world.account(region: nil)) == ["region"])
      #expect(try await world.wrongFields(world.account(region: "mars")) == ["region"])
      #expect(try await world.wrongFields(world.account("offline")) == ["NAME"])
      #expect(try await world.wrongFields(world.account(kind: "openai-compatible")) == ["address"])
      #expect(try await world.wrongFields(world.account(kind: "offline")) == ["kind"])
      #expect(try await world.wrongFields(world.newSecret("frankfurt", "")) == ["secret-file"])
      let unknown = try await conflict { _ = try await world.desk.perform(world.newSecret("frankfurt", "key")) }
      #expect(unknown.hasPrefix("There is no provider account frankfurt."))
      _ = try await world.desk.perform(world.account(kind: "anthropic"))
      let taken = try await conflict { _ = try await world.desk.perform(world.account()) }
      #expect(taken.hasPrefix("There is a provider account frankfurt already."))
      // Two lines are no key of Anthropic's.
      #expect(try await world.wrongFields(world.newSecret("frankfurt", "hidden\nwords")) == ["secret-file"])
    }
  }

  @Test("An account that nothing would be answered through says so")
  func unused() async throws {
    try await withWorld { world in
      let added = try await world.desk.perform(
        world.account("own", kind: "openai-compatible", region: nil, address: "http://127.0.0.1:9/v1/"))
      #expect(added.region == "local" && added.address == "http://127.0.0.1:9/v1" && added.models.isEmpty)
      #expect(added.notes.count == 1 && added.notes[0].contains("credentials: stored"))
    }
  }

  @Test("A repeat does nothing; one with another secret is refused, for that would not be kept (R-6)")
  func repeats() async throws {
    try await withWorld { world in
      let first = try await world.desk.perform(world.account(key: "k1"))
      let again = try await world.desk.perform(world.account(key: "k1"))
      #expect(again.wasRepeated && again.fingerprint == first.fingerprint)
      let other = try await conflict { _ = try await world.desk.perform(world.account(secret: "other", key: "k1")) }
      #expect(other.hasPrefix("This idempotency key was used for something else"))
      _ = try await world.desk.perform(world.newSecret("frankfurt", "second", key: "k2"))
      #expect(try await world.desk.perform(world.newSecret("frankfurt", "second", key: "k2")).wasRepeated)
      let third = try await conflict {
        _ = try await world.desk.perform(world.newSecret("frankfurt", "third", key: "k2"))
      }
      #expect(third == other)
      #expect(try await secret(world, "frankfurt") == .success(ProviderSecret(.key("second"))))
    }
  }

  @Test("Changes are followed: each is told within one reading of the feed (decision 7)")
  func followed() async throws {
    try await withWorld { world in
      let feed = ChangeFeed(database: world.database, clock: world.context.clock, logger: world.context.logger)
      let (seen, signal) = AsyncStream.makeStream(of: OpenedProviderAccounts.self)
      let follower = ProviderAccountFollower(
        world.providerAccounts, feed: feed, logger: world.context.logger, apply: { signal.yield($0) })
      _ = try await world.desk.perform(world.account("before"))
      let running = Task { try await follower.run() }
      defer { running.cancel() }
      var told = seen.makeAsyncIterator()
      #expect(await told.next()?.accounts.map(\.account.name) == ["before"])
      _ = try await world.desk.perform(world.newSecret("before", "changed"))
      await feed.poll()
      #expect(await told.next()?.accounts.map(\.secret) == [.success(ProviderSecret(.key("changed")))])
      _ = try await world.desk.perform(world.removal("before"))
      await feed.poll()
      #expect(await told.next()?.accounts == [])
    }
  }
}

@Suite("The activity of the installation (G-20)")
struct InstallationActivityTests {
  @Test("Its chain is verified with those of the companies, and what was changed or cut off shows")
  func verified() async throws {
    try await withWorld { world in
      let audit = ActivityAudit(database: world.database, masterKey: world.context.masterKey)
      let before = try await audit.verify()
      #expect(!before.contains { $0.report.companyID == .installation })
      _ = try await world.desk.perform(world.account())
      _ = try await world.desk.perform(world.newSecret("frankfurt", "another"))
      let finding = try #require(try await audit.verify().first { $0.report.companyID == .installation })
      #expect(finding.report.isIntact && finding.report.checked == 2 && finding.companyName == "this installation")
      let head = try #require(finding.head)
      var heads: [CompanyID] = []
      try await audit.heads { heads.append($0.head.companyID) }
      #expect(heads.last == .installation)
      #expect(
        try await world.reports.activityHeads(of: nil, masterKey: world.context.masterKey).last?.head == head.text)

      try await world.tamper("DELETE FROM installation_activity WHERE position = 2")
      #expect(
        try await audit.verify().allSatisfy(\.report.isIntact), "an end that is cut off shows against a head only")
      let cut = try await audit.verify(since: [head]).first { $0.report.companyID == .installation }
      #expect(cut?.report.isIntact == false)
      try await world.tamper("UPDATE installation_activity SET sentence = 'Nothing' WHERE position = 1")
      #expect(try await audit.verify().first { $0.report.companyID == .installation }?.report.isIntact == false)
    }
  }
}
