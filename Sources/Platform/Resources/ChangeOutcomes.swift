public import Core

/// What a change of capacity did, or would do.
public struct CapacityOutcome: Codable, Hashable, Sendable {
  public enum Effect: String, Codable, Hashable, Sendable {
    case increase, decrease, scheduled
  }

  public let effect: Effect
  /// When the capacity holds.
  public let effectiveAt: Instant
  /// The same as a local day, `2026-03-12`.
  public let effectiveDay: String
  /// What the capacity costs.
  public let tokens: Int64
  /// What it adds to the allocation at once; negative where it gives back, 0 where it is scheduled.
  public let tokensAtOnce: Int64
  /// What each bundle month permits then, in words.
  public let allowance: String
  /// The capacity in words, such as `M (60 Cloud Tokens)`.
  public let label: String
  /// True where a change that was scheduled before is cancelled by it. Rule A-4.
  public let replacesScheduled: Bool

  init(_ decided: CapacityAdjustment, zone: CompanyZone, label: String) {
    effect =
      switch decided.effect {
      case .increase: .increase
      case .decrease: .decrease
      case .scheduled: .scheduled
      }
    effectiveAt = decided.change.effectiveAt
    effectiveDay = zone.day(of: decided.change.effectiveAt).description
    tokens = decided.change.tokens.count
    tokensAtOnce = decided.tokensAtOnce.count
    allowance = decided.change.allowance.inWords
    self.label = label
    replacesScheduled = decided.superseded != nil
  }
}

/// What "Edit Resource" did, or would do.
public struct EditOutcome: Codable, Hashable, Sendable {
  /// Nil where the capacity stays.
  public let capacity: CapacityOutcome?
  /// False where everything is as it was.
  public let hasChanged: Bool
}

/// What was scheduled for deprovisioning, or would be; the resource itself last. Rule A-5.
public struct DeprovisioningOutcome: Codable, Hashable, Sendable {
  public struct End: Codable, Hashable, Sendable {
    public let resource: ResourceID
    public let name: String
    public let at: Instant
    /// The local day, `2026-03-12`.
    public let day: String
  }

  public let ends: [End]
}

/// What was cancelled, or would be: the resources that go on as they were.
public struct CancelOutcome: Codable, Hashable, Sendable {
  /// A resource as it is called at the time.
  public struct Kept: Codable, Hashable, Sendable {
    public let resource: ResourceID
    public let name: String
  }

  public let kept: [Kept]

  public var names: [String] { kept.map(\.name) }
}

extension PlatformError {
  init(_ refusal: ResourceChangeRefusal) {
    switch refusal {
    case .invalid(let input): self = .invalid(input)
    case .ineligible(let reasons): self = .refused(reasons.map(\.sentence))
    case .notNow(let sentence): self = .conflict(sentence)
    }
  }

  /// Runs a decision of Core and tells its refusal as the platform does.
  static func mapping<Value>(_ body: () throws(ResourceChangeRefusal) -> Value) throws(PlatformError) -> Value {
    do throws(ResourceChangeRefusal) { return try body() } catch { throw PlatformError(error) }
  }

  /// Both values, or everything that is wrong with either.
  static func both<First, Second>(
    _ first: Result<First, any Error>, _ second: Result<Second, any Error>
  ) throws -> (First, Second) {
    func problems<Value>(_ result: Result<Value, any Error>) -> [FieldProblem] {
      switch result {
      case .failure(ResourceChangeRefusal.invalid(let input)), .failure(PlatformError.invalid(let input)):
        input.problems
      default: []
      }
    }
    let all = problems(first) + problems(second)
    guard all.isEmpty else { throw PlatformError.invalid(InvalidInput(all)) }
    if case .failure(let refusal as ResourceChangeRefusal) = first { throw PlatformError(refusal) }
    return (try first.get(), try second.get())
  }
}
