public import Core
import Storage

extension Companies {
  /// Name, zone, switches, and how the company stands with the rules of self-service. Needs ``Right/manageCompany``.
  public func settings(as caller: Caller) async throws -> CompanySettings {
    let context = context
    let key = context.random.text(length: 20)
    return try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .manageCompany, as: caller, context)
      let (facts, now) = (standing.facts, standing.now(context.clock))
      return CompanySettings(
        company: CompanyView(facts), isTimeZoneFinal: !facts.resources.isEmpty,
        verdicts: Eligibility.verdicts(
          facts: facts, timeline: standing.timeline, at: now, branding: context.branding),
        accounts: facts.accounts, orderPath: context.branding.orderPath,
        externalMembers: try standing.externalMembers(at: now, transaction).map(\.user),
        revision: facts.company.revision,
        idempotencyKey: key)
    }
  }

  /// Renames the company, and sets its time zone as long as nothing was provisioned; nil keeps it. Needs
  /// ``Right/manageCompany``. Rule P-2.
  ///
  /// ``PlatformError/invalid(_:)`` with every problem; ``CompanyField`` names the fields. ``PlatformError/conflict(_:)``
  /// where `revision` (``CompanySettings/revision``; nil does not ask) is not the company's any more.
  public func edit(
    name: String, timeZone: String?, revision: String? = nil, idempotencyKey: String, mode: ChangeMode = .commit,
    as caller: Caller
  ) async throws -> CompanyOutcome {
    try await change("edit-company", idempotencyKey, mode, caller) { work in
      if let revision, revision != work.facts.company.revision { throw Self.changedMeanwhile(work.facts.company) }
      let edit = try Self.checked(name, timeZone, work)
      var company = work.facts.company
      let before = company
      company.name = edit.name
      if company != before {
        try work.transaction.update(company)
        work.note(ActivityDeed(.settings, "Renamed the company from “\(before.name)” to “\(company.name)”"))
      }
      let isMoved = edit.zone != work.zone
      if isMoved {
        guard try work.transaction.setTimeZone(of: company.id, to: edit.zone) else {
          throw PlatformError.invalid(CompanyField.timeZone.rawValue, Self.finalZone)
        }
        work.note(ActivityDeed(.settings, "Set the time zone to \(edit.zone.identifier)"))
      }
      return CompanyOutcome(
        name: company.name, timeZone: edit.zone.identifier,
        externalInvitationsEnabled: company.externalInvitationsEnabled, hasChanged: company != before || isMoved)
    }.outcome
  }

  private static func checked(
    _ name: String, _ timeZone: String?, _ work: CompanyWork
  ) throws -> (name: String, zone: CompanyZone) {
    var list = ProblemList()
    let name = list.text(name, CompanyField.name.rawValue, what: "the company's name", limit: SetUp.longestName)
    // The operator means companies by their names and ids. What keeps its name is left alone.
    if name != work.facts.company.name,
      let other = try work.transaction.company(takingName: name, besides: work.facts.company.id)
    {
      list.add(
        CompanyField.name.rawValue,
        other.name == name
          ? "Another company has this name. Choose another one."
          : "Another company has this name as its id. Choose another one.")
    }
    let zone = timeZone.map(CompanyZone.init) ?? work.zone
    if zone == nil {
      list.add(CompanyField.timeZone.rawValue, "Choose a time zone such as UTC or Europe/Amsterdam.")
    } else if zone != work.zone, !work.facts.resources.isEmpty {
      list.add(CompanyField.timeZone.rawValue, finalZone)
    }
    try list.throwIfAny()
    return (name, zone ?? work.zone)
  }

  /// Lets teams invite people from outside of the company, or no longer; who joined so stays. Needs
  /// ``Right/manageCompany``. Rule P-2.
  ///
  /// ``PlatformError/conflict(_:)`` for a repeat of what was undone since.
  public func setExternalInvitations(
    _ areEnabled: Bool, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> CompanyOutcome {
    let done = try await change("external-invitations", idempotencyKey, mode, caller) { work in
      var company = work.facts.company
      let hasChanged = company.externalInvitationsEnabled != areEnabled
      company.externalInvitationsEnabled = areEnabled
      if hasChanged {
        try work.transaction.update(company)
        work.note(ActivityDeed(.settings, "Switched external invitations \(areEnabled ? "on" : "off")"))
      }
      return CompanyOutcome(
        name: company.name, timeZone: company.timeZone, externalInvitationsEnabled: areEnabled, hasChanged: hasChanged)
    }
    if done.wasRepeated {
      let now = try await home(of: caller).company
      if now.externalInvitationsEnabled != areEnabled { throw PlatformError.undone("the switch") }
    }
    return done.outcome
  }

  private func change(
    _ scope: String, _ key: String, _ mode: ChangeMode, _ caller: Caller,
    _ body: @escaping @Sendable (inout CompanyWork) throws -> CompanyOutcome
  ) async throws -> Changed<CompanyOutcome> {
    guard let company = caller.user.companyID else { throw Transaction.noCompany }
    return try await context.change(company, as: .person(caller), scope: scope, idempotencyKey: key, mode: mode) {
      work in
      try work.authorize(.manageCompany)
      return try body(&work)
    }
  }

  private static func changedMeanwhile(_ company: Company) -> PlatformError {
    .conflict(
      "Somebody else changed the company while you had it open: it is “\(company.name)” in the time zone "
        + "\(company.timeZone) now. Look again at what you want, and save once more.")
  }

  private static let finalZone =
    "The time zone is final since the first resource was provisioned: days and refills depend on it."
}

extension Company {
  fileprivate var revision: String { "\(timeZone) \(name)" }
}
