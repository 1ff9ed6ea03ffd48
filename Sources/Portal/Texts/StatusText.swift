import Core

extension ResourceState {
  /// What the status announces, and when, in the company's zone: `to S on 12 March 2026`. Rule R-1.
  func statusNote(_ zone: CompanyZone, _ catalog: Catalog) -> String? {
    func day(_ instant: Instant) -> String { "on \(DayText.long(zone.day(of: instant)))" }
    switch status {
    case .deprovisioned: return endedAt.map(day)
    case .suspended: return statusChangesAt.map { "deprovisioned \(day($0)) unless it resumes" }
    case .deprovisioningScheduled: return statusChangesAt.map(day)
    case .planDowngradeScheduled, .capacityDecreaseScheduled:
      return scheduledChange.map { "to \(catalog.capacityLabel(of: $0)) \(day($0.effectiveAt))" }
    case .active:
      // A conversion that costs the same. Rule C-9.
      return scheduledChange.map { "converts to \(catalog.capacityLabel(of: $0)) \(day($0.effectiveAt))" }
    }
  }

  /// What somebody who works with the resource has to know of its status; nil where all is well. Rules, T-5.
  func notice(_ zone: CompanyZone) -> String? {
    func day(_ instant: Instant) -> String { DayText.long(zone.day(of: instant)) }
    switch status {
    case .deprovisioned:
      let ended = endedAt.map { " on \(day($0))" } ?? ""
      return "This resource was deprovisioned\(ended). Its keys do not work any more; its consumption stays readable."
    case .suspended:
      let end = statusChangesAt.map { " If none return, it is deprovisioned on \(day($0))." } ?? ""
      return "This resource is suspended, because your company's contracts grant too few Cloud Tokens: its calls are "
        + "refused. It resumes as soon as Cloud Tokens are available.\(end)"
    case .deprovisioningScheduled:
      return statusChangesAt.map {
        "This resource will be deprovisioned on \(day($0)). Until then it works; afterwards its keys do not."
      }
    case .planDowngradeScheduled, .capacityDecreaseScheduled, .active:
      if let suspendsAt {
        return "This resource will be suspended on \(day(suspendsAt)) unless Cloud Tokens return: your company's "
          + "contracts grant too few."
      }
      return scheduledChange.map {
        "This resource changes on \(day($0.effectiveAt)) to \($0.allowance.inWords) each bundle month "
          + "(\($0.tokens.inWords)). Until then it stays as it is."
      }
    }
  }
}
