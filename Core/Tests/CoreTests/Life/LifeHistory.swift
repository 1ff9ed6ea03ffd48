import Core

/// Three years of a company, made from a seed.
struct LifeHistory: Sendable {
  let seed: UInt64
  let zoneName: String
  let facts: CompanyFacts
  /// When something was recorded, in order.
  let recorded: [Int64]
  /// When something took effect until the end, in order.
  let effects: [Int64]
  let start: Int64
  /// 36 months after the start.
  let end: Int64
  let counts: LifeCounts

  var calendar: LifeCalendar? { LifeCalendar.all[zoneName] }

  /// The facts in words, for whoever has to find out what went wrong.
  var text: String {
    func time(_ instant: Instant) -> String { instant.utcText }
    var lines: [(Int64, String)] = []
    for contract in facts.contracts {
      let term =
        "\(contract.tokens.count) from \(time(contract.startsAt)) to \(time(contract.endsAt))"
      lines.append((contract.recordedAt.milliseconds, "contract \(contract.id): \(term)"))
    }
    for resource in facts.resources {
      let use = resource.embeddingsResource.map { " using \($0)" } ?? ""
      lines.append(
        (
          resource.provisionedAt.milliseconds,
          "\(resource.id) is provisioned: \(resource.type)\(use)"
        ))
    }
    for change in facts.capacityChanges {
      let end = change.cancelledAt.map { ", cancelled at \(time($0))" } ?? ""
      let what = "\(change.resourceID): \(change.tokens.count), \(change.capacity)"
      lines.append(
        (change.recordedAt.milliseconds, "\(what), from \(time(change.effectiveAt))\(end)"))
    }
    for deprovisioning in facts.deprovisionings {
      let end = deprovisioning.cancelledAt.map { ", cancelled at \(time($0))" } ?? ""
      let what = "\(deprovisioning.resourceID) ends at \(time(deprovisioning.effectiveAt))\(end)"
      lines.append((deprovisioning.recordedAt.milliseconds, what))
    }
    let story = lines.sorted { $0.0 < $1.0 }.map {
      "  \(time(Instant(milliseconds: $0.0))) \($0.1)"
    }
    return "The history of seed \(seed) in \(zoneName):\n" + story.joined(separator: "\n")
  }
}

extension CompanyFacts {
  /// What had been recorded at `instant`.
  func known(at instant: Instant) -> CompanyFacts {
    var known = self
    known.contracts = contracts.filter { $0.recordedAt <= instant }
    known.resources = resources.filter { $0.provisionedAt <= instant }
    known.capacityChanges = capacityChanges.filter { $0.recordedAt <= instant }.map { change in
      guard let cancelledAt = change.cancelledAt, cancelledAt > instant else { return change }
      return CapacityChange(
        resourceID: change.resourceID, capacity: change.capacity, tokens: change.tokens,
        allowance: change.allowance, recordedAt: change.recordedAt, effectiveAt: change.effectiveAt)
    }
    known.deprovisionings = deprovisionings.filter { $0.recordedAt <= instant }.map { end in
      guard let cancelledAt = end.cancelledAt, cancelledAt > instant else { return end }
      return Deprovisioning(
        resourceID: end.resourceID, recordedAt: end.recordedAt, effectiveAt: end.effectiveAt)
    }
    return known
  }
}
