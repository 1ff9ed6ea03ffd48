import Core

extension ProvisionResource {
  /// What was provisioned, or would be.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    public let timeZone: String
    public let dryRun: Bool
    /// Left out of a dry run.
    public let resource: ListedResource?
    public let specification: Specification
    /// After provisioning; of a dry run as it is.
    public let balance: ListedBalance
    /// What became of the user whom it is for: `onTeam`, `invited`, `notInvited` or `tooMany`.
    public let user: String
    /// What is worth knowing although nothing is wrong.
    public let notes: [String]
    public var wasRepeated: Bool

    /// The "Resource Specification". Rule R-3.
    public struct Specification: Codable, Hashable, Sendable {
      public struct Terms: Codable, Hashable, Sendable {
        public let party: String
        public let title: String
        public let version: String
        public let url: String
      }

      /// What each bundle month permits.
      public let allowance: String
      public let cloudTokens: Int64
      /// Every region that may answer, its own first.
      public let regions: [String]
      public let refill: String
      public let terms: [Terms]
    }
  }
}

extension ProvisionResource.Outcome {
  /// `before` is what the company was, `work` knows what it is now, or, of a dry run, would be.
  init(
    _ done: ProvisioningOutcome, _ input: ProvisioningInput, _ request: ProvisionRequest, before: CompanyStanding,
    _ work: CompanyWork
  ) {
    let (facts, catalog, now) = (work.facts, work.context.catalog, work.now)
    let specified = ResourceSpecification(
      request, facts: before.facts, timeline: before.timeline, catalog: catalog, at: now,
      branding: work.context.branding)
    company = facts.company.id.text
    companyName = facts.company.name
    timeZone = facts.company.timeZone
    dryRun = input.isDryRun
    resource =
      input.isDryRun
      ? nil
      : work.timeline.state(of: done.resource, at: now).map {
        ListedResource(
          $0, suspendsAt: work.timeline.suspension(of: done.resource, at: now), zone: facts.zone, catalog: catalog)
      }
    specification = Specification(specified, zone: facts.zone, at: now)
    let balance = input.isDryRun ? before.timeline.balance(at: now) : work.timeline.balance(at: now)
    self.balance = ListedBalance(balance)
    user = done.invitation.rawValue
    notes = Self.notes(done, input, specified, balance)
    wasRepeated = false
  }

  private static func notes(
    _ done: ProvisioningOutcome, _ input: ProvisioningInput, _ specified: ResourceSpecification, _ balance: TokenBalance
  ) -> [String] {
    var notes = specified.warnings
    let asked = input.isDryRun ? specified.tokensAsked ?? .zero : .zero
    let missing = max(.zero, asked - balance.available)
    if missing > .zero {
      notes.append(
        "The company's contracts grant \(missing.inWords) too few. Grant more, or resources are suspended at the end of "
          + "their bundle month, the newest first.")
    }
    switch done.invitation {
    case .onTeam, .invited: break
    case .notInvited:
      notes.append(
        "\(input.user.email) was not put on the team: they have no active account of this company and cannot be "
          + "invited.")
    case .tooMany:
      notes.append("\(input.user.email) was not invited. \(CompanyWork.tooManyInvitations)")
    }
    return notes
  }
}

extension ProvisionResource.Outcome.Specification {
  fileprivate init(_ specified: ResourceSpecification, zone: CompanyZone, at now: Instant) {
    allowance = specified.allowanceSentence ?? ""
    cloudTokens = specified.tokensAsked?.count ?? 0
    regions = specified.regionNames
    refill = RefillRule(BundleMonths(activatedAt: now, zone: zone)).sentence
    terms = specified.terms.map { Terms(party: $0.party, title: $0.title, version: $0.version, url: $0.url) }
  }
}
