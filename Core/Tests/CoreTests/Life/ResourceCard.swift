import Core

/// What the clerk keeps about one resource: the notes of what was recorded, and how it stands now. Times are
/// milliseconds.
struct ResourceCard {
  /// Somebody decided on a capacity.
  struct ChangeNote {
    let fact: CapacityChange
    let tokens: Int64
    let recordedAt: Int64
    let effectiveAt: Int64
    private(set) var cancelledAt: Int64?

    init(_ fact: CapacityChange) {
      self.fact = fact
      tokens = fact.tokens.count
      recordedAt = fact.recordedAt.milliseconds
      effectiveAt = fact.effectiveAt.milliseconds
      cancelledAt = fact.cancelledAt?.milliseconds
    }

    func waits(at now: Int64) -> Bool {
      if let cancelledAt, cancelledAt <= now { return false }
      return recordedAt <= now && now < effectiveAt
    }

    /// Without a cancellation that comes later.
    func known(at now: Int64) -> Self {
      var known = self
      if let cancelledAt, cancelledAt > now { known.cancelledAt = nil }
      return known
    }
  }

  /// Somebody decided on the end.
  struct EndNote {
    let recordedAt: Int64
    let effectiveAt: Int64
    private(set) var cancelledAt: Int64?

    init(_ fact: Deprovisioning) {
      recordedAt = fact.recordedAt.milliseconds
      effectiveAt = fact.effectiveAt.milliseconds
      cancelledAt = fact.cancelledAt?.milliseconds
    }

    func waits(at now: Int64) -> Bool {
      if let cancelledAt, cancelledAt <= now { return false }
      return recordedAt <= now && now < effectiveAt
    }

    /// Without a cancellation that comes later.
    func known(at now: Int64) -> Self {
      var known = self
      if let cancelledAt, cancelledAt > now { known.cancelledAt = nil }
      return known
    }
  }

  let id: ResourceID
  let type: ResourceType
  /// The position of the embeddings resource that a knowledge base uses.
  let uses: Int?
  let provisionedAt: Int64
  /// The activation, then every end of a bundle month.
  let monthStarts: [Int64]
  var changes: [ChangeNote] = []
  var ends: [EndNote] = []

  /// Which of `changes` is in effect; -1 before the first.
  var capacity = -1
  /// Tokens that it holds.
  var holds: Int64 = 0
  /// What it held before the instant that is being worked on.
  var heldBefore: Int64 = 0
  var markedSince: Int64?
  var suspendedSince: Int64?
  /// When its thirty days are over.
  var keptUntil: Int64?
  var endedAt: Int64?

  /// What its capacity costs, whether it holds that or not.
  var tokens: Int64 { capacity < 0 ? 0 : changes[capacity].tokens }

  func isAlive(at now: Int64) -> Bool { provisionedAt <= now && endedAt == nil }

  func waitingChange(at now: Int64) -> ChangeNote? {
    for change in changes where change.waits(at: now) { return change }
    return nil
  }

  func waitingEnd(at now: Int64) -> EndNote? {
    for end in ends where end.waits(at: now) { return end }
    return nil
  }

  /// The position in `monthStarts` of the bundle month of `instant`.
  func month(of instant: Int64) -> Int {
    var month = 0
    while monthStarts[month + 1] <= instant { month += 1 }
    return month
  }

  func isMonthEnd(_ instant: Int64) -> Bool {
    for start in monthStarts.dropFirst() where start >= instant { return start == instant }
    return false
  }
}
