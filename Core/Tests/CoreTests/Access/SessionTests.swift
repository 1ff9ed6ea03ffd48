import Core
import Testing

@Suite("Sessions")
struct SessionTests {
  private static let hour: Int64 = 3_600_000
  private static let signedIn = Instant(milliseconds: 1_000_000)

  private func session(seen after: Int64 = 0) -> Session {
    Session(
      id: Identifier("s"), userID: UserID("u"), createdAt: Self.signedIn,
      lastSeenAt: Self.signedIn.adding(milliseconds: after), address: "192.0.2.1", userAgent: "Browser")
  }

  private func isExpired(_ session: Session, after: Int64) -> Bool {
    session.isExpired(at: Self.signedIn.adding(milliseconds: after))
  }

  @Test("P-5: a session ends after 12 hours without a request")
  func idle() {
    #expect(!isExpired(session(), after: 12 * Self.hour - 1))
    #expect(isExpired(session(), after: 12 * Self.hour))
    #expect(!isExpired(session(seen: 5 * Self.hour), after: 17 * Self.hour - 1))
    #expect(isExpired(session(seen: 5 * Self.hour), after: 17 * Self.hour))
  }

  @Test("P-5: a session ends after 7 days however much it is used")
  func absolute() {
    let week = 7 * 24 * Self.hour
    #expect(!isExpired(session(seen: week - Self.hour), after: week - 1))
    #expect(isExpired(session(seen: week - 1), after: week))
    #expect(session(seen: week - 1).expiresAt == Self.signedIn.adding(milliseconds: week))
  }

  @Test("P-5: being seen is recorded at most every five minutes, which is far from the idle limit")
  func touch() {
    #expect(!session().needsTouch(at: Self.signedIn.adding(milliseconds: 299_999)))
    #expect(session().needsTouch(at: Self.signedIn.adding(milliseconds: 300_000)))
  }

  @Test("A browser's name is cut to what is kept")
  func userAgent() {
    let session = Session(
      id: Identifier("s"), userID: UserID("u"), createdAt: Self.signedIn, lastSeenAt: Self.signedIn, address: "",
      userAgent: String(repeating: "x", count: 5_000))
    #expect(session.userAgent.count == 300)
  }
}

@Suite("Slowing brute force")
struct SignInThrottleTests {
  private static let now = Instant(milliseconds: 10_000_000_000)
  private let throttle = SignInThrottle()

  private func failures(
    _ count: Int, email: String = "a@acme.example", address: String = "192.0.2.1", ago: Int64 = 0
  ) -> [SignInFailure] {
    Array(
      repeating: SignInFailure(email: email, address: address, at: Self.now.adding(milliseconds: -ago)), count: count)
  }

  private func wait(
    _ failures: [SignInFailure], email: String = "a@acme.example", address: String = "192.0.2.1", after: Int64 = 0
  ) -> Int64 {
    throttle.wait(for: email, from: address, failures: failures, at: Self.now.adding(milliseconds: after))
  }

  @Test(
    "P-5: an account waits after the fifth failure, twice as long after each further one, never over five minutes",
    arguments: [
      (0, 0), (4, 0), (5, 1_000), (6, 2_000), (7, 4_000), (13, 256_000), (14, 300_000), (1_000, 300_000),
    ])
  func perAccount(count: Int, expected: Int64) {
    let failures = (0..<count).flatMap { self.failures(1, address: "192.0.2.\($0 % 250 + 2)") }
    #expect(wait(failures) == expected)
  }

  @Test(
    "P-5: an address waits after the twentieth failure, whatever accounts it tried, never over 15 minutes",
    arguments: [(19, 0), (20, 1_000), (21, 2_000), (30, 900_000), (5_000, 900_000)])
  func perAddress(count: Int, expected: Int64) {
    let failures = (0..<count).flatMap { self.failures(1, email: "person\($0)@acme.example") }
    #expect(wait(failures) == expected)
  }

  @Test("P-5: others are not made to wait")
  func others() {
    let failures = failures(100)
    #expect(wait(failures, email: "b@acme.example", address: "192.0.2.9") == 0)
    #expect(wait(failures, email: "b@acme.example") > 0)
    #expect(wait(failures, address: "192.0.2.9") > 0)
  }

  @Test("P-5: waiting as long as told is enough, and a millisecond less is not", arguments: 5...40)
  func waitingItOut(count: Int) {
    let failures = failures(count, ago: 500)
    let told = wait(failures)
    #expect(told > 0)
    #expect(wait(failures, after: told - 1) == 1)
    #expect(wait(failures, after: told) == 0)
  }

  @Test("P-5: a failure is forgotten after an hour")
  func window() {
    #expect(wait(failures(14, ago: 3_600_000)) == 0)
    #expect(wait(failures(5, ago: 3_600_000) + failures(4)) == 0)
    #expect(wait(failures(5, ago: 3_599_999) + failures(1)) == 2_000)
  }

  @Test("P-5: whoever guesses as fast as permitted gets through fewer than 30 passwords of an account in an hour")
  func attack() {
    var failures: [SignInFailure] = []
    var now = Self.now
    let end = now.adding(seconds: 3_600)
    while true {
      now = now.adding(
        milliseconds: throttle.wait(for: "a@acme.example", from: "192.0.2.1", failures: failures, at: now))
      if now >= end { break }
      failures.append(SignInFailure(email: "a@acme.example", address: "192.0.2.\(failures.count)", at: now))
      now = now.adding(milliseconds: 1)
    }
    #expect(5..<30 ~= failures.count)
  }
}
