/// The consumption of one resource (or of one limited key) in one bundle month, and what is held of its allowance.
/// Rules U-4, U-5, U-6, U-8.
///
/// Pure and without a lock of its own; every operation takes constant time. What holds after every admission:
/// `settled + reserved <= allowance`, in every measure that the allowance knows.
public struct AllowanceAccount: Sendable {
  /// May be raised at any time, and lowered to no less than settled plus reserved (rule A-3 asks first).
  public var allowance: Allowance
  public private(set) var settled: Consumption
  public private(set) var reserved: Consumption = .zero
  private var open: [RequestID: Consumption] = [:]

  public init(allowance: Allowance, settled: Consumption = .zero) {
    self.allowance = allowance
    self.settled = settled
  }

  /// Number of reservations that are neither settled nor released.
  public var openReservations: Int { open.count }

  /// Admits or refuses one attempt of the request `id`, which must have no reservation yet.
  public mutating func admit(_ id: RequestID, _ bounds: CallBounds, rates: ExchangeRates) -> AdmissionDecision {
    var noKey: AllowanceAccount?
    return admit(id, bounds, rates: rates, key: &noKey)
  }

  /// The same, with the account of the key's own monthly limit where it has one: the attempt fits both, or neither
  /// holds anything. Settle and release both accounts. Rule U-8.
  public mutating func admit(
    _ id: RequestID, _ bounds: CallBounds, rates: ExchangeRates, key: inout AllowanceAccount?
  ) -> AdmissionDecision {
    precondition(open[id] == nil, "a request holds at most one reservation")
    let asked = bounds.askedMaxTokens
    let least = bounds.leastMaxTokens
    let needed = bounds.consumption(outputTokens: least, rates: rates)
    let own = refusal(of: needed, limit: .resource)
    let keys = key?.refusal(of: needed, limit: .key)
    if let keys, keys.kind == .exhausted, own?.kind != .exhausted {
      // An exhausted limit is told before a contended one: a retry does not help there.
      return .refused(keys)
    }
    if let refusal = own ?? keys { return .refused(refusal) }

    var granted = mostOutput(bounds, rates: rates, asked: asked)
    if let fits = key?.mostOutput(bounds, rates: rates, asked: asked) { granted = min(granted, fits) }
    let consumption = bounds.consumption(outputTokens: granted, rates: rates)
    hold(consumption, for: id)
    key?.hold(consumption, for: id)
    return .admitted(
      Reservation(
        requestID: id, consumption: consumption, maxTokens: bounds.metersOutput ? granted : nil,
        isLowered: bounds.metersOutput && granted < (bounds.requestedMaxTokens ?? asked)))
  }

  /// Holds another attempt of the request `id` in place of what it holds: `spent`, which earlier attempts are charged
  /// whatever becomes of this one, and the bounds of the new one. Nil where that does not fit: nothing changes then.
  /// Rule M-4.
  public mutating func readmit(
    _ id: RequestID, spent: Consumption, _ bounds: CallBounds, rates: ExchangeRates, key: inout AllowanceAccount?
  ) -> Reservation? {
    guard let held = open[id] else { return nil }
    let before = reserved
    let keys = key.flatMap { key in key.open[id].map { (held: $0, reserved: key.reserved) } }
    letGo(id, spent)
    if keys != nil { key?.letGo(id, spent) }
    guard case .admitted(let fresh) = admit(id, bounds, rates: rates, key: &key) else {
      open[id] = held
      reserved = before
      if let keys {
        key?.open[id] = keys.held
        key?.reserved = keys.reserved
      }
      return nil
    }
    let consumption = spent.addingSaturated(fresh.consumption)
    open[id] = consumption
    if keys != nil { key?.open[id] = consumption }
    return Reservation(
      requestID: id, consumption: consumption, maxTokens: fresh.maxTokens, isLowered: fresh.isLowered)
  }

  /// What was held is free again, but for what is spent of it.
  private mutating func letGo(_ id: RequestID, _ spent: Consumption) {
    guard let held = open.removeValue(forKey: id) else { return }
    reserved = (reserved - held).addingSaturated(spent)
  }

  /// Puts the actual consumption in the place of the reservation of `id`; once per id, a second time does nothing.
  @discardableResult
  public mutating func settle(_ id: RequestID, actual: Consumption) -> SettlementOutcome {
    guard let held = open.removeValue(forKey: id) else { return .notOpen }
    reserved = reserved - held
    settled = settled.addingSaturated(actual)
    let over = Consumption(
      units: GenAIUnits(nano: max(0, actual.units.nano.subtractingSaturated(held.units.nano))),
      input: TokenCount(max(0, actual.input.count.subtractingSaturated(held.input.count))),
      output: TokenCount(max(0, actual.output.count.subtractingSaturated(held.output.count))))
    return over == .zero ? .settled : .overran(by: over)
  }

  /// Gives the reservation of `id` back: the attempt cost nothing. Rule M-4.
  @discardableResult
  public mutating func release(_ id: RequestID) -> SettlementOutcome {
    settle(id, actual: .zero)
  }

  /// True where what is settled alone fills the allowance. Rule G-4: only then does a page say 100 %.
  public var isExhausted: Bool {
    switch allowance {
    case .units(let units): settled.units >= units
    case .plan(let input, let output): settled.input >= input || output.map { settled.output >= $0 } ?? false
    }
  }

  private mutating func hold(_ consumption: Consumption, for id: RequestID) {
    open[id] = consumption
    reserved = reserved + consumption
  }

  private func refusal(of needed: Consumption, limit: AdmissionRefusal.Limit) -> AdmissionRefusal? {
    if allowance.covers(settled.addingSaturated(reserved).addingSaturated(needed)) { return nil }
    let kind: AdmissionRefusal.Kind = allowance.covers(settled.addingSaturated(needed)) ? .contended : .exhausted
    return AdmissionRefusal(
      kind: kind, limit: limit, settled: settled, reserved: reserved, needed: needed, allowance: allowance)
  }

  /// The most of `asked` output tokens that fit, given that the least ones do.
  private func mostOutput(_ bounds: CallBounds, rates: ExchangeRates, asked: Int) -> Int {
    let taken = settled.addingSaturated(reserved)
    switch allowance {
    case .units(let units):
      guard rates.output > 0 else { return asked }
      let inputNano = bounds.input.count.multipliedSaturated(by: rates.dearestInput)
      let room = units.nano.subtractingSaturated(taken.units.nano).subtractingSaturated(inputNano)
      return Int(min(Int64(asked), max(0, room) / rates.output))
    case .plan(_, let output):
      guard let output else { return asked }
      return Int(min(Int64(asked), max(0, output.count.subtractingSaturated(taken.output.count))))
    }
  }
}
