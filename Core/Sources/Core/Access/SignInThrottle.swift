/// A sign-in that failed.
public struct SignInFailure: Hashable, Sendable {
  /// The canonical email that was tried, whether or not anybody has it.
  public let email: String
  /// The network address that it came from.
  public let address: String
  public let at: Instant

  public init(email: String, address: String, at: Instant) {
    self.email = email
    self.address = address
    self.at = at
  }
}

/// How brute force is slowed: who failed too often waits, longer each time. Rule P-5.
///
/// The same for an account that exists and one that does not, so that waiting tells nothing.
public struct SignInThrottle: Hashable, Sendable {
  /// The rule for one account, or for one address.
  public struct Rule: Hashable, Sendable {
    /// Failures that cost no waiting.
    public let free: Int
    /// Milliseconds after the first failure too many; doubled by each further one.
    public let firstWait: Int64
    /// Milliseconds that nobody waits longer than.
    public let longestWait: Int64

    public init(free: Int, firstWait: Int64, longestWait: Int64) {
      precondition(free >= 0 && 0 < firstWait && firstWait <= longestWait && longestWait <= Self.aDay)
      self.free = free
      self.firstWait = firstWait
      self.longestWait = longestWait
    }

    /// Longer waits would shut people out rather than slow guessing down.
    private static let aDay: Int64 = 86_400_000

    /// Milliseconds to wait after the last of `failures` failures.
    func wait(after failures: Int) -> Int64 {
      guard failures >= free, failures > 0 else { return 0 }
      let doublings = min(failures - free, 30)
      return min(longestWait, firstWait << Int64(doublings))
    }
  }

  /// Milliseconds for which a failure counts.
  public let window: Int64
  public let perAccount: Rule
  public let perAddress: Rule

  public init(
    window: Int64 = 3_600_000,
    perAccount: Rule = Rule(free: 5, firstWait: 1_000, longestWait: 300_000),
    perAddress: Rule = Rule(free: 20, firstWait: 1_000, longestWait: 900_000)
  ) {
    self.window = window
    self.perAccount = perAccount
    self.perAddress = perAddress
  }

  /// Milliseconds until somebody may try `email` from `address`; 0 where it may be now.
  ///
  /// `failures` are at least those of the account since its last success and those of the address, young enough to count;
  /// others do no harm.
  public func wait(
    for email: String, from address: String, failures: [SignInFailure], at instant: Instant
  ) -> Int64 {
    let counted = failures.filter { $0.at > instant.adding(milliseconds: -window) && $0.at <= instant }
    return max(
      wait(perAccount, counted.filter { $0.email == email }, at: instant),
      wait(perAddress, counted.filter { $0.address == address }, at: instant))
  }

  private func wait(_ rule: Rule, _ failures: [SignInFailure], at instant: Instant) -> Int64 {
    guard let last = failures.map(\.at).max() else { return 0 }
    return max(0, last.adding(milliseconds: rule.wait(after: failures.count)).millisecondsSince(instant))
  }
}
