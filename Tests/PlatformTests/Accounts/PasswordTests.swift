import Core
import Foundation
import TestSupport
import Testing

@testable import Platform

@Suite("Passwords")
struct PasswordTests {
  private let hasher = PasswordHasher(cost: PasswordCost(log2Rounds: 4), random: .seeded(1))

  @Test("A hash accepts its password and no other")
  func verifies() async throws {
    let stored = try await hasher.hash(Sensitive("correct horse battery"))
    #expect(try await hasher.verify(Sensitive("correct horse battery"), against: stored))
    #expect(try await !hasher.verify(Sensitive("correct horse batterx"), against: stored))
    #expect(try await !hasher.verify(Sensitive(""), against: stored))
    #expect(stored.hasPrefix("scrypt$4$8$1$"))
  }

  @Test("The same password gives another hash each time, and old costs stay readable")
  func salted() async throws {
    let password = Sensitive("correct horse battery")
    let first = try await hasher.hash(password)
    #expect(try await hasher.hash(password) != first)
    let dearer = PasswordHasher(cost: PasswordCost(log2Rounds: 5), random: .seeded(2))
    #expect(try await dearer.verify(password, against: first))
  }

  @Test(
    "What is not a hash accepts nothing",
    arguments: [nil, "", "scrypt", "scrypt$99$8$1$AAAA$AAAA", "scrypt$4$8$1$$", "plain text"])
  func unreadable(stored: String?) async throws {
    #expect(try await !hasher.verify(Sensitive("correct horse battery"), against: stored))
  }

  @Test("The reference vector of the scrypt specification holds")
  func referenceVector() async throws {
    // RFC 7914, section 12: password "pleaseletmein", salt "SodiumChloride", N 16384, r 8, p 1; the first 32 bytes.
    let text = "scrypt$14$8$1$U29kaXVtQ2hsb3JpZGU=$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI="
    let encoded = try #require(EncodedPassword(text: text))
    #expect(encoded.text == text)
    #expect(try await hasher.verify(Sensitive("pleaseletmein"), against: text))
  }

  @Test("Short, monotonous and endless passwords are refused with a sentence")
  func rules() {
    #expect(PasswordHasher.problem(with: Sensitive("elevenchars")) != nil)
    #expect(PasswordHasher.problem(with: Sensitive("aaaaaaaaaaaaaaaa")) != nil)
    #expect(PasswordHasher.problem(with: Sensitive(String(repeating: "abcd", count: 300))) != nil)
    #expect(PasswordHasher.problem(with: Sensitive("twelve chars")) == nil)
  }

  @Test("Beyond its limit the executor refuses at once instead of queueing")
  func bounded() async throws {
    let executor = BoundedExecutor(label: "test", lanes: 1, limit: 2)
    let outcomes = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { await platformError { try await executor.run { Thread.sleep(forTimeInterval: 0.2) } } == nil }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 } == 2)
    #expect(try await executor.run { 1 } == 1)
  }
}
