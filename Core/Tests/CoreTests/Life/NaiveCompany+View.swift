import Core

/// What the clerk says about one resource when asked. Times are milliseconds.
struct ResourceView {
  var status: ResourceStatus
  var statusChangesAt: Int64?
  var tokens: Int64
  var capacity: CapacityChange
  var waitingChange: ResourceCard.ChangeNote?
  var waitingEnd: ResourceCard.EndNote?
  /// The month's end at which a marked resource has its turn.
  var turn: Int64?
  var endedAt: Int64?
  var month: Int
  var monthStart: Int64
  var monthEnd: Int64
}

extension NaiveCompany {
  /// Nil before the resource was provisioned.
  func view(of position: Int) -> ResourceView? {
    let card = cards[position]
    guard card.provisionedAt <= now, card.capacity >= 0 else { return nil }
    // The last month of a resource is the one that it lived in.
    let month = card.month(
      of: card.endedAt.map { $0 - 1 } ?? (mistake == .monthEndInclusive ? now - 1 : now))
    var view = ResourceView(
      status: .active, tokens: card.holds, capacity: card.changes[card.capacity].fact,
      endedAt: card.endedAt,
      month: month, monthStart: card.monthStarts[month], monthEnd: card.monthStarts[month + 1])
    if card.endedAt != nil {
      view.status = .deprovisioned
      return view
    }
    view.waitingChange = card.waitingChange(at: now)
    view.waitingEnd = card.waitingEnd(at: now)
    if card.markedSince != nil { view.turn = card.monthStarts[card.month(of: now) + 1] }
    if card.suspendedSince != nil {
      (view.status, view.statusChangesAt) = (.suspended, announcedEnd(of: position))
    } else if let end = view.waitingEnd {
      (view.status, view.statusChangesAt) = (.deprovisioningScheduled, end.effectiveAt)
    } else if let change = view.waitingChange, let status = status(of: change, now: card) {
      (view.status, view.statusChangesAt) = (status, change.effectiveAt)
    }
    return view
  }

  private func status(of change: ResourceCard.ChangeNote, now card: ResourceCard) -> ResourceStatus? {
    switch change.fact.capacity {
    case .plan: .planDowngradeScheduled
    case .units: change.tokens < card.tokens ? .capacityDecreaseScheduled : nil
    }
  }

  /// When a suspended resource will be deprovisioned as far as anybody knows now: as scheduled, or when its thirty days
  /// are over, should it not resume before. An embeddings resource that is kept for knowledge bases has a date only where
  /// its own end is scheduled.
  private func announcedEnd(of position: Int) -> Int64? {
    let scheduled = cards[position].waitingEnd(at: now)?.effectiveAt
    guard let kept = cards[position].keptUntil else { return scheduled }
    let end = min(kept, scheduled ?? kept)
    return isUsed(position) ? scheduled : end
  }
}
