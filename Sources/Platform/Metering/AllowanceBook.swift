public import Core
import Synchronization

/// The allowances of all resources while the server runs: one lock per resource, seeded from storage. What admission
/// enforces and what pages show (rule U-7).
public final class AllowanceBook: Sendable {
  /// Where an account has to be read from storage first.
  public enum Outcome: Sendable {
    case decided(AdmissionDecision)
    case needsSeed
  }

  private let entries = Mutex<[ResourceID: Entry]>([:])

  /// The accounts of one resource. A month stays until its last call is settled; rule B-4 lets calls outlive it.
  private final class Entry: Sendable {
    let months = Mutex<[Instant: Month]>([:])
  }

  fileprivate struct Month {
    var account: AllowanceAccount
    /// Accounts of keys that have a limit of their own. Rule U-8.
    var keys: [KeyID: AllowanceAccount] = [:]
    /// The latest decrease, of which callers that were found before it do not know, and the one before, which holds again
    /// where the latest is taken back. They stay: who knows of them says nothing about who else does not.
    var decreases: [(allowance: Allowance, recordedAt: Instant)] = []
  }

  public init() {}

  /// Reserves the bounds of `call` in its month, or refuses. `allowance` is what the month permits as of now, so that a
  /// raise counts at once; `limit` is that of the key, where it has one.
  func admit(
    _ call: CallIdentity, _ bounds: CallBounds, rates: ExchangeRates, capacity: CapacityChange, keyLimit: GenAIUnits?
  ) -> Outcome {
    guard let entry = existing(call.resource) else { return .needsSeed }
    return entry.months.withLock { months -> Outcome in
      guard var month = months[call.monthStart] else { return .needsSeed }
      months[call.monthStart] = nil
      defer { months[call.monthStart] = month }
      month.account.allowance = month.allowance(for: capacity)
      guard let keyLimit, let key = call.key else {
        return .decided(month.account.admit(call.requestID, bounds, rates: rates))
      }
      var limited = month.keys.removeValue(forKey: key)
      guard limited != nil else { return .needsSeed }
      limited?.allowance = .units(keyLimit)
      defer { month.keys[key] = limited }
      return .decided(month.account.admit(call.requestID, bounds, rates: rates, key: &limited))
    }
  }

  /// Lowers what the current month permits, where what is settled and reserved fits. From then on nothing beyond it is
  /// admitted, also for callers that were found before the change. Rule A-3.
  func lower(_ decrease: RunningAllowances.Decrease, mode: ChangeMode) -> Bool {
    ensured(decrease.resource).months.withLock { months in
      var month =
        months[decrease.monthStart]
        ?? Month(account: AllowanceAccount(allowance: decrease.allowance, settled: decrease.settled))
      guard decrease.allowance.covers(month.account.settled + month.account.reserved) else {
        return false
      }
      guard mode == .commit else { return true }
      month.decreases = month.decreases.suffix(1) + [(decrease.allowance, decrease.recordedAt)]
      months[decrease.monthStart] = month
      return true
    }
  }

  /// Takes back a decrease that was not recorded after all.
  func restore(_ decrease: RunningAllowances.Decrease) {
    existing(decrease.resource)?.months.withLock { months in
      months[decrease.monthStart]?.decreases.removeAll { $0.recordedAt == decrease.recordedAt }
    }
  }

  /// Puts in what storage says was settled in a month. Does nothing where the account exists already: what happened
  /// since then is known better here.
  func seed(_ call: CallIdentity, allowance: Allowance, settled: Consumption, settledByKey: Consumption?) {
    ensured(call.resource).months.withLock { months in
      var month = months[call.monthStart] ?? Month(account: AllowanceAccount(allowance: allowance, settled: settled))
      if let settledByKey, let key = call.key, month.keys[key] == nil {
        // The limit itself comes with each admission.
        month.keys[key] = AllowanceAccount(allowance: .units(.zero), settled: settledByKey)
      }
      months[call.monthStart] = month
      for (start, month) in months where start < call.monthStart && month.account.openReservations == 0 {
        months[start] = nil
      }
    }
  }

  /// Holds another attempt of an open call, beside what earlier ones are charged; nil where it does not fit. Rule M-4.
  func readmit(_ call: CallIdentity, _ bounds: CallBounds, rates: ExchangeRates, spent: Consumption) -> Reservation? {
    guard let entry = existing(call.resource) else { return nil }
    return entry.months.withLock { months in
      guard var month = months.removeValue(forKey: call.monthStart) else { return nil }
      defer { months[call.monthStart] = month }
      var limited = call.key.flatMap { month.keys.removeValue(forKey: $0) }
      defer { if let key = call.key { month.keys[key] = limited } }
      return month.account.readmit(call.requestID, spent: spent, bounds, rates: rates, key: &limited)
    }
  }

  /// Replaces the reservation of a call by what it used. Once per request; a second time does nothing.
  @discardableResult
  func settle(_ entry: UsageEntry) -> SettlementOutcome {
    close(CallIdentity(entry.call, key: entry.call.payer.key), actual: entry.consumption)
  }

  /// Gives the reservation of a call back that was never made.
  func release(_ call: CallIdentity) {
    close(call, actual: .zero)
  }

  /// What running calls hold of the current month's allowance. Rule U-7.
  public func running(of resource: ResourceID, at now: Instant) -> Consumption {
    existing(resource)?.months.withLock { months in
      months.filter { $0.key <= now }.max { $0.key < $1.key }?.value.account.reserved
    } ?? .zero
  }

  /// Settled and reserved of a month; nil where nothing has been called since the server started.
  public func standing(of resource: ResourceID, monthStart: Instant) -> (settled: Consumption, reserved: Consumption)? {
    existing(resource)?.months.withLock { months in
      months[monthStart].map { ($0.account.settled, $0.account.reserved) }
    }
  }

  @discardableResult
  private func close(_ call: CallIdentity, actual: Consumption) -> SettlementOutcome {
    guard let entry = existing(call.resource) else { return .notOpen }
    return entry.months.withLock { months in
      guard var month = months.removeValue(forKey: call.monthStart) else { return .notOpen }
      defer { months[call.monthStart] = month }
      if let key = call.key { month.keys[key]?.settle(call.requestID, actual: actual) }
      return month.account.settle(call.requestID, actual: actual)
    }
  }

  private func ensured(_ resource: ResourceID) -> Entry {
    entries.withLock { entries in
      if let entry = entries[resource] { return entry }
      let entry = Entry()
      entries[resource] = entry
      return entry
    }
  }

  private func existing(_ resource: ResourceID) -> Entry? {
    entries.withLock { $0[resource] }
  }
}

extension AllowanceBook.Month {
  /// What the month permits to a caller that was found with `capacity`: where a decrease came later, what that permits.
  fileprivate func allowance(for capacity: CapacityChange) -> Allowance {
    decreases.last { capacity.recordedAt < $0.recordedAt }?.allowance ?? capacity.allowance
  }
}

/// Whose reservation it is.
struct CallIdentity: Sendable {
  let requestID: RequestID
  let resource: ResourceID
  /// Nil where no key pays.
  let key: KeyID?
  let monthStart: Instant

  init(_ call: AdmittedCall, key: KeyID?) {
    requestID = call.requestID
    resource = call.resourceID
    self.key = key
    monthStart = call.bundleMonthStart
  }
}

extension Payer {
  /// The key that pays; its own monthly limit is charged too. Rule U-8.
  var key: KeyID? {
    switch self {
    case .key(let id), .companionKey(let id): id
    case .person, .knowledgeBase: nil
    }
  }
}
