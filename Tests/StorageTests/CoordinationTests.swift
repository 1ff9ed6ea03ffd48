import Core
import TestSupport
import Testing

@testable import Storage

@Suite("Sign-in, idempotency and terms")
struct CoordinationTests {
  private static func session(_ id: String, at instant: Instant) -> Session {
    Session(
      id: Identifier(id), userID: Sample.userID, createdAt: instant, lastSeenAt: instant, address: "192.0.2.1",
      userAgent: "Browser")
  }

  @Test("Sessions are found by the hash of their token, touched forwards only, and ended (rule P-5)")
  func sessions() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let sessions = (0..<4).map { Self.session("s\($0)", at: Sample.start.adding(seconds: Int64($0))) }
      try await database.write { transaction in
        for (number, session) in sessions.enumerated() {
          try transaction.insert(session, tokenHash: [UInt8](repeating: UInt8(number), count: 32))
        }
      }
      let hash = [UInt8](repeating: 2, count: 32)
      #expect(try await database.read { try $0.session(tokenHash: hash) } == sessions[2])
      #expect(try await database.read { try $0.session(tokenHash: [1]) } == nil)
      let later = Sample.start.adding(seconds: 100)
      try await database.write { transaction in
        try transaction.touchSession(sessions[2].id, at: later)
        try transaction.touchSession(sessions[2].id, at: Sample.start)
      }
      #expect(try await database.read { try $0.session(tokenHash: hash) }?.lastSeenAt == later)
      #expect(try await database.write { try $0.deleteSession(sessions[1].id) })
      #expect(try await !database.write { try $0.deleteSession(sessions[1].id) })
      #expect(try await database.read { try $0.sessions(of: Sample.userID) }.map(\.id.text) == ["s3", "s2", "s0"])
      try await database.write { try $0.deleteSessions(of: Sample.userID, except: sessions[3].id) }
      #expect(try await database.read { try $0.sessions(of: Sample.userID) } == [sessions[3]])
      let end = sessions[3].expiresAt
      try await database.write { try $0.deleteExpiredSessions(at: end.adding(milliseconds: -1)) }
      #expect(try await database.read { try $0.sessions(of: Sample.userID) }.count == 1)
      try await database.write { try $0.deleteExpiredSessions(at: end) }
      #expect(try await database.read { try $0.sessions(of: Sample.userID) } == [])
    }
  }

  @Test("Failed sign-ins are read by account and by address, and cleared by a success (rule P-5)")
  func failures() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      func failure(_ email: String, _ address: String, _ second: Int64) -> SignInFailure {
        SignInFailure(email: email, address: address, at: Sample.start.adding(seconds: second))
      }
      let all = [
        failure("a@x", "1", 1), failure("a@x", "2", 2), failure("b@x", "1", 3), failure("b@x", "3", 4),
      ]
      try await database.write { transaction in for failure in all { try transaction.recordSignInFailure(failure) } }
      let found = try await database.read {
        try $0.signInFailures(email: "a@x", address: "1", since: Sample.start)
      }
      #expect(found == [all[2], all[1], all[0]])
      #expect(try await database.read { try $0.signInFailures(since: all[1].at) } == [all[3], all[2]])
      try await database.write { try $0.clearSignInFailures(email: "a@x") }
      try await database.write { try $0.pruneSignInFailures(upTo: all[2].at) }
      #expect(try await database.read { try $0.signInFailures(since: Sample.start) } == [all[3]])
    }
  }

  @Test("A set-up token works once, in time, and a new one replaces it (rule P-1)")
  func setUp() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      let end = Sample.start.adding(seconds: 60)
      for hash in [[UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32)] {
        try await database.write { try $0.setSetUpToken(hash: hash, createdAt: Sample.start, expiresAt: end) }
      }
      let hash = [UInt8](repeating: 2, count: 32)
      #expect(
        try await !database.write { try $0.useSetUpToken(hash: [UInt8](repeating: 1, count: 32), at: Sample.start) })
      #expect(try await !database.write { try $0.useSetUpToken(hash: hash, at: end) })
      #expect(try await database.read { try $0.isSetUpTokenValid(hash: hash, at: Sample.start) })
      #expect(try await database.write { try $0.useSetUpToken(hash: hash, at: Sample.start) })
      #expect(try await !database.write { try $0.useSetUpToken(hash: hash, at: Sample.start) })
      #expect(try await !database.read { try $0.isSetUpTokenValid(hash: hash, at: Sample.start) })
    }
  }

  @Test("Of 16 submits with one idempotency key exactly one does the work (rule R-6)")
  func idempotency() async throws {
    try await TestDatabase.each(connections: 8) { test in
      let database = test.database
      try await database.write { try $0.insert(Sample.company()) }
      let results = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<16 {
          group.addTask {
            try await database.write { transaction in
              switch try transaction.claim(scope: "provision", key: "same", at: Sample.start) {
              case .done(let result): return result
              case .new:
                try transaction.insert(Sample.contract("contract-\(number)"))
                try transaction.recordResult("contract-\(number)", scope: "provision", key: "same")
                return "contract-\(number)"
              }
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(results.count == 16 && Set(results).count == 1)
      #expect(try await database.read { try $0.contracts(of: Sample.companyID) }.map(\.id.text) == [results[0]])
      _ = try? await database.write { transaction in
        _ = try transaction.claim(scope: "provision", key: "failing", at: Sample.start)
        throw DatabaseProblem(.invalidValue, "the command failed")
      }
      #expect(try await database.write { try $0.claim(scope: "provision", key: "failing", at: Sample.start) } == .new)
    }
  }

  @Test("Terms are acknowledged once for each version, person and resource (rule R-7)")
  func terms() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let terms = TermsAcknowledgement(
        termsID: "anthropic", version: "2026-01", userID: Sample.userID, resourceID: Sample.resourceID, at: Sample.start
      )
      try await test.database.write { try $0.acknowledge(terms) }
      try await test.database.write { transaction in
        try transaction.acknowledge(
          TermsAcknowledgement(
            termsID: "anthropic", version: "2026-01", userID: Sample.userID, resourceID: Sample.resourceID,
            at: Sample.start.adding(seconds: 9)))
      }
      #expect(try await test.database.read { try $0.acknowledgements(of: Sample.resourceID) } == [terms])
    }
  }
}
