public import Core
public import Logging
public import Storage

/// Where calls are admitted and settled: the only place that touches allowance and journal for a call. Rules U-5, M-1.
public struct AdmissionDesk: Sendable {
  /// How long a call waits that only others' reservations keep out, and how many may wait at a time.
  static let waitMilliseconds: Int64 = 2_000
  static let waitStep: Duration = .milliseconds(20)
  static let waitingLimit = 256

  private let book: AllowanceBook
  private let journal: MeteringJournal
  private let database: Database
  private let clock: WallClock
  private let logger: Logger
  private let waiting = BoundedCount(limit: AdmissionDesk.waitingLimit)

  public init(
    book: AllowanceBook, journal: MeteringJournal, database: Database, clock: WallClock, logger: Logger
  ) {
    self.book = book
    self.journal = journal
    self.database = database
    self.clock = clock
    self.logger = logger
  }

  /// Reserves what the call can cost at most and records that it is open, or says why not.
  func admit(
    _ request: AdmissionRequest, for caller: GatewayCaller, requestID: RequestID, dialect: Dialect
  ) async -> Result<AdmittedReservation, GatewayFailure> {
    guard !journal.isBacklogged else {
      return .failure(.overloaded(message: "Usage is recorded more slowly than calls come in.", retryAfter: 1))
    }
    let now = clock.now()
    let snapshot = caller.snapshot
    let month = snapshot.months.month(containing: now)
    let identity = CallIdentity(
      requestID: requestID, resource: caller.resource.id, key: caller.key.id, monthStart: month.start)
    let call = AdmittedCall(
      requestID: requestID, companyID: snapshot.company.id, resourceID: caller.resource.id, payer: caller.payer,
      model: request.model.id, rates: request.model.rates, region: request.deployment.region, dialect: dialect,
      admittedAt: now, bundleMonthStart: month.start, localDay: snapshot.zone.day(of: now),
      countedInput: request.bounds.input)
    switch await decide(identity, request, caller: caller) {
    case .failure(let failure): return .failure(failure)
    case .success(.refused(let refusal)):
      return .failure(RefusalSentence(refusal, snapshot: snapshot, refillsAt: month.end, now: now).failure)
    case .success(.admitted(let reservation)):
      return record(call, reservation, identity)
    }
  }

  private func record(
    _ call: AdmittedCall, _ reservation: Reservation, _ identity: CallIdentity
  ) -> Result<AdmittedReservation, GatewayFailure> {
    do {
      try journal.opened(call)
      return .success(AdmittedReservation(call: call, reservation: reservation))
    } catch {
      book.release(identity)
      logger.error("the metering journal takes no records", metadata: ["error": "\(error)"])
      return .failure(
        .overloaded(message: "Usage can't be recorded at the moment, so no call is admitted.", retryAfter: 5))
    }
  }

  /// Asks the book; seeds it where it has to, waits where only running calls are in the way. Rule U-6.
  private func decide(
    _ identity: CallIdentity, _ request: AdmissionRequest, caller: GatewayCaller
  ) async -> Result<AdmissionDecision, GatewayFailure> {
    let allowance = caller.snapshot.state.allowance
    var seeded = false
    var waited: WaitingPlace?
    while true {
      let outcome = book.admit(
        identity, request.bounds, rates: request.model.rates, allowance: allowance, keyLimit: caller.key.monthlyLimit)
      switch outcome {
      case .needsSeed:
        guard !seeded else { return .failure(.unexpected) }
        guard await seed(identity, allowance: allowance, keyLimit: caller.key.monthlyLimit) else {
          return .failure(.overloaded(message: "The usage of this month can't be read at the moment.", retryAfter: 2))
        }
        seeded = true
      case .decided(.refused(let refusal)) where refusal.kind == .contended:
        if waited == nil { waited = waiting.enter(until: clock.now().adding(milliseconds: Self.waitMilliseconds)) }
        guard let waited, clock.now() < waited.until, (try? await Task.sleep(for: Self.waitStep)) != nil else {
          return .success(.refused(refusal))
        }
      case .decided(let decision):
        return .success(decision)
      }
    }
  }

  private func seed(_ identity: CallIdentity, allowance: Allowance, keyLimit: GenAIUnits?) async -> Bool {
    do {
      let (settled, byKey) = try await database.read { transaction in
        let settled = try transaction.consumption(of: identity.resource, bundleMonthStart: identity.monthStart)
        guard keyLimit != nil else { return (settled, Consumption?.none) }
        let byKey = try transaction.consumption(
          of: identity.key, on: identity.resource, bundleMonthStart: identity.monthStart)
        return (settled, byKey)
      }
      book.seed(identity, allowance: allowance, settled: settled, settledByKey: byKey)
      return true
    } catch {
      logger.error("usage can't be read", metadata: ["error": "\(error)"])
      return false
    }
  }

  /// Records how far a stream has come. Losing one costs accuracy after a crash, not correctness, so a failure is left
  /// to the records that follow.
  func progress(_ id: RequestID, outputCharacters: Int64) {
    try? journal.progress(id, outputCharacters: outputCharacters)
  }

  /// Records what a call used and frees its reservation. Exactly once per admitted call, before its last byte leaves.
  ///
  /// Where the journal takes no record the open one stays: the next start settles the call as interrupted, and until
  /// then no further call is admitted.
  func settle(_ entry: UsageEntry) async {
    do {
      try await journal.settledDurably(entry)
    } catch {
      logger.critical(
        "a settlement could not be recorded",
        metadata: ["request": "\(entry.call.requestID)", "error": "\(error)"])
    }
    if case .overran(let excess) = book.settle(entry) {
      logger.warning(
        "a provider reported more than was reserved",
        metadata: ["request": "\(entry.call.requestID)", "nanoUnits": "\(excess.units.nano)"])
    }
  }
}

/// A call that may be made.
struct AdmittedReservation: Sendable {
  let call: AdmittedCall
  let reservation: Reservation
}
