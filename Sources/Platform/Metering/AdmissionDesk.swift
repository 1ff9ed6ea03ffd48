public import Core
public import Logging
public import Storage

/// Where calls are admitted and settled: the only place that touches allowance and journal for a call. Rules U-5, M-1.
public struct AdmissionDesk: Sendable {
  /// How long a call waits that only others' reservations keep out, and how many may wait at a time.
  static let waitMilliseconds: Int64 = 2_000
  static let waitStep: Duration = .milliseconds(20)
  static let waitingLimit = 256
  /// How often a settlement is tried that the disk refused, and the rest in between.
  static let settleAttempts = 5
  static let settleRest: Duration = .milliseconds(100)

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

  /// Reserves what the call can cost at most and records that it is open, or says why not. `waits` is called where that
  /// takes a while.
  func admit(
    _ request: AdmissionRequest, for caller: GatewayCaller, requestID: RequestID, dialect: Dialect,
    waits: () -> Void = {}
  ) async -> Result<AdmittedReservation, GatewayFailure> {
    guard !journal.isBacklogged else {
      return .failure(.overloaded(message: "Usage is recorded more slowly than calls come in.", retryAfter: 1))
    }
    var caller = caller
    var place: WaitingPlace?
    do throws(GatewayFailure) {
      while true {
        // Anew at every try: a wait may cross the end of the month or a revocation.
        caller = try await caller.renewed(at: clock.now())
        let call = admittedCall(request, caller, requestID, dialect)
        switch try await decide(CallIdentity(call, key: caller.key.id), request, caller: caller) {
        case .admitted(let reservation):
          return .success(try record(call, reservation, key: caller.key.id))
        case .refused(let refusal):
          if refusal.kind == .contended, place == nil { waits() }
          guard refusal.kind == .contended, await hasWaited(&place) else {
            let snapshot = caller.snapshot
            let refillsAt = snapshot.months.month(containing: call.admittedAt).end
            throw RefusalSentence(refusal, snapshot: snapshot, refillsAt: refillsAt, now: call.admittedAt).failure
          }
        }
      }
    } catch {
      return .failure(error)
    }
  }

  private func admittedCall(
    _ request: AdmissionRequest, _ caller: GatewayCaller, _ requestID: RequestID, _ dialect: Dialect
  ) -> AdmittedCall {
    let now = clock.now()
    let snapshot = caller.snapshot
    return AdmittedCall(
      requestID: requestID, companyID: snapshot.company.id, resourceID: caller.resource.id, payer: caller.payer,
      model: request.model.id, rates: request.model.rates, region: request.deployment.region, dialect: dialect,
      admittedAt: now, bundleMonthStart: snapshot.months.month(containing: now).start,
      localDay: snapshot.zone.day(of: now), countedInput: request.bounds.input)
  }

  private func record(
    _ call: AdmittedCall, _ reservation: Reservation, key: KeyID
  ) throws(GatewayFailure) -> AdmittedReservation {
    do {
      try journal.opened(call)
      return AdmittedReservation(call: call, reservation: reservation)
    } catch {
      book.release(CallIdentity(call, key: key))
      logger.error("the metering journal takes no records", metadata: ["error": "\(error)"])
      throw .overloaded(message: "Usage can't be recorded at the moment, so no call is admitted.", retryAfter: 5)
    }
  }

  /// Waits a step where only running calls are in the way. False once the time is over, or where too many wait. Rule U-6.
  private func hasWaited(_ place: inout WaitingPlace?) async -> Bool {
    if place == nil { place = waiting.enter(until: clock.now().adding(milliseconds: Self.waitMilliseconds)) }
    guard let place, clock.now() < place.until else { return false }
    return (try? await Task.sleep(for: Self.waitStep)) != nil
  }

  /// Asks the book; seeds it first where it has to.
  private func decide(
    _ identity: CallIdentity, _ request: AdmissionRequest, caller: GatewayCaller
  ) async throws(GatewayFailure) -> AdmissionDecision {
    let capacity = caller.snapshot.state.capacity
    let keyLimit = caller.key.monthlyLimit
    for isSeeded in [false, true] {
      let outcome = book.admit(
        identity, request.bounds, rates: request.model.rates, capacity: capacity, keyLimit: keyLimit)
      if case .decided(let decision) = outcome { return decision }
      if isSeeded { break }
      guard await seed(identity, allowance: capacity.allowance, keyLimit: keyLimit) else {
        throw .overloaded(message: "The usage of this month can't be read at the moment.", retryAfter: 2)
      }
    }
    throw .unexpected
  }

  private func seed(_ identity: CallIdentity, allowance: Allowance, keyLimit: GenAIUnits?) async -> Bool {
    do {
      let (settled, byKey) = try await database.read { transaction in
        let settled = try transaction.consumption(of: identity.resource, bundleMonthStart: identity.monthStart)
        guard keyLimit != nil, let key = identity.key else { return (settled, Consumption?.none) }
        let byKey = try transaction.consumption(
          of: key, on: identity.resource, bundleMonthStart: identity.monthStart)
        return (settled, byKey)
      }
      book.seed(identity, allowance: allowance, settled: settled, settledByKey: byKey)
      return true
    } catch {
      logger.error("usage can't be read", metadata: ["error": "\(error)"])
      return false
    }
  }

  /// Reserves another attempt of an admitted call beside what earlier ones are charged, and records that charge in case
  /// the process dies; nil where it does not fit, or cannot be recorded. Nobody waits for room here: the caller has
  /// waited for an attempt already. Rule M-4.
  func reserveAgain(_ request: AttemptRequest) -> Reservation? {
    let call = request.call
    let identity = CallIdentity(call, key: call.payer.key)
    let spent = Consumption(
      units: call.rates.price(of: request.spent), input: request.spent.shownInput, output: request.spent.output)
    guard let reservation = book.readmit(identity, request.bounds, rates: call.rates, spent: spent) else {
      return nil
    }
    do {
      try journal.attempted(call.counting(request.spent))
    } catch {
      // More stays held than is needed, until the call is settled.
      logger.error("the metering journal takes no records", metadata: ["error": "\(error)"])
      return nil
    }
    return reservation
  }

  /// Records how far a stream has come. Losing one costs accuracy after a crash, not correctness, so a failure is left
  /// to the records that follow.
  func progress(_ id: RequestID, outputCharacters: Int64) {
    try? journal.progress(id, outputCharacters: outputCharacters)
  }

  /// Records what a call used and frees its reservation. Exactly once per admitted call, before its last byte leaves.
  ///
  /// Where the journal refuses the record for good the open one stays, and the next start settles the call as
  /// interrupted (rule M-2).
  func settle(_ entry: UsageEntry) async {
    do {
      try await recordSettlement(entry)
    } catch {
      tellUnrecorded(entry, error)
    }
    free(entry)
  }

  /// The same for a call of which no byte leaves any more, so that nothing has to be on the disk before it does: tried
  /// once, and nothing is waited for.
  func settleAtOnce(_ entry: UsageEntry) {
    do {
      try journal.settled(entry)
    } catch {
      tellUnrecorded(entry, error)
    }
    free(entry)
  }

  private func tellUnrecorded(_ entry: UsageEntry, _ error: any Error) {
    logger.critical(
      "a settlement could not be recorded; the next start settles the call as interrupted",
      metadata: ["request": "\(entry.call.requestID)", "error": "\(error)"])
  }

  private func free(_ entry: UsageEntry) {
    if case .overran(let excess) = book.settle(entry) {
      logger.warning(
        "a provider reported more than was reserved",
        metadata: ["request": "\(entry.call.requestID)", "nanoUnits": "\(excess.units.nano)"])
    }
  }

  /// A disk that refused a write may take the next one.
  private func recordSettlement(_ entry: UsageEntry) async throws {
    var attempt = 1
    while true {
      do {
        return try await journal.settledDurably(entry)
      } catch let problem as JournalProblem where problem.kind == .writeFailed && attempt < Self.settleAttempts {
        attempt += 1
        try? await Task.sleep(for: Self.settleRest)
      }
    }
  }
}

/// A call that may be made.
struct AdmittedReservation: Sendable {
  let call: AdmittedCall
  let reservation: Reservation
}
