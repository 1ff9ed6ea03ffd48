import Core

// What the clerk does at one instant, in the order of rule A-4 and record 0015.
extension NaiveCompany {
  mutating func work(at instant: Int64) {
    now = instant
    for card in cards.indices { cards[card].heldBefore = cards[card].holds }
    var somethingHappened = false
    func happened(_ what: Bool) { if what { somethingHappened = true } }
    if mistake != .resumedBeforeDeprovisioned { happened(deprovision()) }
    happened(changeCapacities())
    happened(exchangeContracts())
    happened(suspendAndResume())
    if mistake == .resumedBeforeDeprovisioned { happened(deprovision()) }
    writeLedger()
    if somethingHappened { effects.append(now) }
  }

  /// Knowledge bases first, so that their embeddings resource can end at the same instant.
  private mutating func deprovision() -> Bool {
    var any = false
    for card in cards.indices where cards[card].type == .knowledgeBase {
      if isOver(cards[card]) {
        any = true
        end(card)
      }
    }
    for card in cards.indices where cards[card].type != .knowledgeBase {
      let thirtyDaysOver = isOverThirtyDays(cards[card])
      if thirtyDaysOver, isUsed(card), mistake != .embeddingsNotKept,
        !isOverAsScheduled(cards[card])
      {
        if cards[card].keptUntil == now { counts.count(.embeddingsKept) }
      } else if isOver(cards[card]) {
        any = true
        if thirtyDaysOver, let keptUntil = cards[card].keptUntil, keptUntil < now {
          counts.count(.embeddingsEndedWithKnowledgeBase)
        }
        end(card)
      }
    }
    return any
  }

  private func isOver(_ card: ResourceCard) -> Bool {
    isOverThirtyDays(card) || isOverAsScheduled(card)
  }

  private func isOverThirtyDays(_ card: ResourceCard) -> Bool {
    guard card.isAlive(at: now), let keptUntil = card.keptUntil else { return false }
    return keptUntil <= now
  }

  private func isOverAsScheduled(_ card: ResourceCard) -> Bool {
    guard card.isAlive(at: now) else { return false }
    for end in card.ends where end.effectiveAt == now && end.cancelledAt == nil { return true }
    return false
  }

  /// Whether a knowledge base that is not deprovisioned uses the embeddings resource at `position`.
  func isUsed(_ position: Int) -> Bool {
    for card in cards where card.uses == position && card.isAlive(at: now) { return true }
    return false
  }

  private mutating func end(_ card: Int) {
    let wasSuspended = cards[card].suspendedSince != nil
    if isOverAsScheduled(cards[card]) {
      counts.count(wasSuspended ? .deprovisionedWhileSuspended : .deprovisionedAsScheduled)
    } else {
      counts.count(.thirtyDaysOver)
      if cards[card].isMonthEnd(now) { counts.count(.thirtyDaysOverAtMonthEnd) }
    }
    for change in cards[card].changes where change.effectiveAt == now && change.cancelledAt == nil {
      counts.count(.changeLostToDeprovisioning)
    }
    cards[card].endedAt = now
    cards[card].holds = 0
    cards[card].markedSince = nil
  }

  private mutating func changeCapacities() -> Bool {
    var any = false
    for card in cards.indices where cards[card].isAlive(at: now) {
      for (position, change) in cards[card].changes.enumerated()
      where change.effectiveAt == now && change.cancelledAt == nil {
        cards[card].capacity = position
        if cards[card].suspendedSince == nil { cards[card].holds = change.tokens }
        if change.recordedAt < now { counts.count(.changeTookEffect) }
        any = true
      }
    }
    return any
  }

  private mutating func exchangeContracts() -> Bool {
    var any = false
    total = 0
    for contract in contracts {
      if contract.from == now || contract.until == now { any = true }
      if contract.from <= now && now < contract.until { total += contract.tokens }
    }
    return any
  }

  private mutating func suspendAndResume() -> Bool {
    var any = mark()
    for card in order {
      guard let since = cards[card].markedSince, isTurn(of: cards[card], markedSince: since) else {
        continue
      }
      any = true
      cards[card].suspendedSince = now
      cards[card].markedSince = nil
      cards[card].holds = 0
    }
    let resumes = resume()
    // Always both, for what they do to the cards.
    let marksAgain = mark()
    for card in cards.indices where cards[card].suspendedSince == now {
      let day = calendar.day(of: now)
      cards[card].keptUntil =
        mistake == .thirtyTimes24Hours ? now + 30 * 86_400_000 : calendar.beginnings[day + 30]
      counts.count(.suspended)
      for change in cards[card].changes where change.effectiveAt == now && change.cancelledAt == nil {
        counts.count(.changeTookEffectAtSuspension)
      }
    }
    return any || resumes || marksAgain
  }

  private func isTurn(of card: ResourceCard, markedSince: Int64) -> Bool {
    if mistake == .suspendedAtOnce { return true }
    guard card.isMonthEnd(now) else { return false }
    return markedSince < now || mistake == .markAtMonthEndDoesNotWait
  }

  /// Marks the newest until the others fit. Says whether a mark came or went.
  private mutating func mark() -> Bool {
    var any = false
    var unmarked = allocated
    for card in mistake == .oldestMarkedFirst ? order : order.reversed() {
      guard cards[card].isAlive(at: now), cards[card].suspendedSince == nil else { continue }
      if unmarked > total {
        unmarked -= cards[card].holds
        if cards[card].markedSince == nil {
          cards[card].markedSince = now
          any = true
          counts.count(.marked)
          if cards[card].isMonthEnd(now) { counts.count(.markedAtOwnMonthEnd) }
        }
      } else if cards[card].markedSince != nil, mistake != .markNeverLost {
        cards[card].markedSince = nil
        any = true
        counts.count(.markLost)
      }
    }
    return any
  }

  /// Lets whoever is suspended resume as far as it fits, oldest first.
  private mutating func resume() -> Bool {
    var any = false
    var somebodyWaits = false
    for card in mistake == .resumedNewestFirst ? order.reversed() : order {
      guard cards[card].isAlive(at: now), let since = cards[card].suspendedSince else { continue }
      let fits = cards[card].tokens <= available
      if !fits || (somebodyWaits && mistake == .misfitBarsTheRest) {
        somebodyWaits = true
        continue
      }
      if somebodyWaits { counts.count(.smallerOvertook) }
      counts.count(since == now ? .wentOn : .resumed)
      if let keptUntil = cards[card].keptUntil, keptUntil < now {
        counts.count(.embeddingsKeptAndResumed)
      }
      cards[card].suspendedSince = nil
      cards[card].keptUntil = nil
      cards[card].holds = cards[card].tokens
      any = true
    }
    return any
  }

  /// Only what an instant changed in the end: releases, contracts that ended, contracts that began, allocations.
  private mutating func writeLedger() {
    let instant = Instant(milliseconds: now)
    for card in order where cards[card].holds < cards[card].heldBefore {
      let tokens = CloudTokens(cards[card].heldBefore - cards[card].holds)
      ledger.append(TokenMovement(.resource(cards[card].id), .released, tokens, at: instant))
    }
    let byID = contracts.sorted { $0.id < $1.id }
    for contract in byID where contract.until == now {
      ledger.append(
        TokenMovement(.contract(contract.id), .expired, CloudTokens(contract.tokens), at: instant))
    }
    for contract in byID where contract.from == now {
      ledger.append(
        TokenMovement(.contract(contract.id), .granted, CloudTokens(contract.tokens), at: instant))
    }
    for card in order where cards[card].holds > cards[card].heldBefore {
      let tokens = CloudTokens(cards[card].holds - cards[card].heldBefore)
      ledger.append(TokenMovement(.resource(cards[card].id), .allocated, tokens, at: instant))
    }
  }
}
