import Core
import Storage

/// What one change of a company's facts works with inside its transaction.
struct CompanyWork {
  let transaction: Transaction
  let context: PlatformContext
  let actor: Actor
  /// As of ``now``: what was due by then has been entered.
  private(set) var standing: CompanyStanding
  /// The instant at which facts are recorded: later than every earlier one and than all that took effect before.
  /// Decision record 0015.
  let now: Instant
  private(set) var deeds: [ActivityDeed] = []

  init(
    transaction: Transaction, context: PlatformContext, actor: Actor, standing: CompanyStanding, now: Instant
  ) {
    self.transaction = transaction
    self.context = context
    self.actor = actor
    self.standing = standing
    self.now = now
  }

  var facts: CompanyFacts { standing.facts }
  var timeline: CompanyTimeline { standing.timeline }
  var zone: CompanyZone { standing.facts.zone }

  /// Appended to the company's activity with the rest of the change. Rule G-20.
  mutating func note(_ deed: ActivityDeed) { deeds.append(deed) }

  /// Throws unless the actor has `right` on the company; the operator has all. The person is read again: the role may
  /// have gone since the page was opened. Rule P-6.
  func authorize(_ right: Right) throws {
    guard case .person(let caller) = actor else { return }
    try Access.require(right, of: try present(caller), on: facts.company.id)
  }

  /// Takes in what the change itself has recorded so far.
  mutating func reload() throws {
    if let standing = try context.companies.standing(of: facts.company.id, transaction) { self.standing = standing }
  }

  /// The state of a resource of this company that the actor may do `right` with; who may not know of it is told that
  /// there is none. Rule P-6.
  func authorizedState(of id: ResourceID, for right: Right) throws -> ResourceState {
    guard let state = timeline.state(of: id, at: now) else { throw Transaction.noResource }
    guard case .person(let caller) = actor else { return state }
    try transaction.authorize(right, on: state.resource, as: try present(caller))
    return state
  }

  private func present(_ caller: Caller) throws -> Caller {
    guard let user = try transaction.user(caller.id) else {
      throw PlatformError.unauthenticated("Your account is no longer there.")
    }
    return Caller(user: user, address: caller.address)
  }
}

/// Whether a change is to last.
public enum ChangeMode: Hashable, Sendable {
  case commit
  /// Takes the same path and rolls back: what it would do.
  case dryRun
}

/// What a change did.
public struct Changed<Outcome: Sendable>: Sendable {
  public let outcome: Outcome
  /// True where the same submit had been carried out before: then nothing was done again. Rule R-6.
  public let wasRepeated: Bool
}

extension Changed: Equatable where Outcome: Equatable {}
