import Core

extension LifeGenerator {
  /// "Cancel Plan Downgrade" and "Cancel Capacity Decrease".
  mutating func cancelChange(at now: Int64, _ desk: NaiveCompany) -> Bool {
    let candidates = desk.cards.filter { $0.isAlive(at: now) && $0.waitingChange(at: now) != nil }
    guard let card = candidates.randomElement(using: &random) else { return false }
    counts.count(.changeCancelled)
    cancelChange(of: card.id, at: now)
    return true
  }

  mutating func cancelChange(of id: ResourceID, at now: Int64) {
    let instant = Instant(milliseconds: now)
    for index in facts.capacityChanges.indices {
      let change = facts.capacityChanges[index]
      guard change.resourceID == id, change.recordedAt < instant, change.effectiveAt > instant,
        change.cancelledAt == nil
      else { continue }
      facts.capacityChanges[index] = change.cancelled(at: instant)
      company.note(facts.capacityChanges[index])
    }
  }

  /// An embeddings resource only together with its knowledge bases, at its first month's end at or after theirs.
  mutating func deprovision(at now: Int64, _ desk: NaiveCompany) -> Bool {
    let candidates = desk.cards.indices.filter {
      desk.cards[$0].isAlive(at: now) && desk.cards[$0].waitingEnd(at: now) == nil
    }
    guard let position = candidates.randomElement(using: &random) else { return false }
    let card = desk.cards[position]
    var last = card.monthStarts[card.month(of: now) + 1]
    if card.type == .embeddings {
      for user in desk.cards where user.uses == position && user.isAlive(at: now) {
        counts.count(.embeddingsScheduledWithKnowledgeBase)
        let end = user.waitingEnd(at: now)?.effectiveAt ?? user.monthStarts[user.month(of: now) + 1]
        if user.waitingEnd(at: now) == nil { append(endOf: user.id, at: now, effectiveAt: end) }
        while last < end { last = card.monthStarts[card.month(of: last) + 1] }
      }
    }
    append(endOf: card.id, at: now, effectiveAt: last)
    return true
  }

  private mutating func append(endOf id: ResourceID, at now: Int64, effectiveAt: Int64) {
    let fact = Deprovisioning(
      resourceID: id, recordedAt: Instant(milliseconds: now),
      effectiveAt: Instant(milliseconds: effectiveAt))
    facts.deprovisionings.append(fact)
    company.note(fact)
  }

  /// With a knowledge base's deprovisioning goes that of its embeddings resource.
  mutating func cancelDeprovisioning(at now: Int64, _ desk: NaiveCompany) -> Bool {
    let candidates = desk.cards.filter { $0.isAlive(at: now) && $0.waitingEnd(at: now) != nil }
    guard let card = candidates.randomElement(using: &random) else { return false }
    counts.count(.deprovisioningCancelled)
    cancelEnd(of: card.id, at: now)
    if let used = card.uses, desk.cards[used].isAlive(at: now),
      desk.cards[used].waitingEnd(at: now) != nil
    {
      counts.count(.embeddingsCancelledWithKnowledgeBase)
      cancelEnd(of: desk.cards[used].id, at: now)
    }
    return true
  }

  private mutating func cancelEnd(of id: ResourceID, at now: Int64) {
    let instant = Instant(milliseconds: now)
    for index in facts.deprovisionings.indices {
      let fact = facts.deprovisionings[index]
      guard fact.resourceID == id, fact.recordedAt < instant, fact.effectiveAt > instant,
        fact.cancelledAt == nil
      else { continue }
      facts.deprovisionings[index] = fact.cancelled(at: instant)
      company.note(facts.deprovisionings[index])
    }
  }
}
