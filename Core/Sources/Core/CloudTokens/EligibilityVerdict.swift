/// How a company stands with one of the rules of self-service, in words. Rules E-1 to E-4.
public struct EligibilityVerdict: Hashable, Sendable {
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// E-1.
    case tokens
    /// E-2.
    case priceList
    /// E-3.
    case singleAccount
    /// E-4.
    case enterprise
  }

  public enum Finding: String, Hashable, Sendable {
    case met, unmet
    /// There is nothing that the rule could be held against.
    case open
  }

  public let rule: Rule
  public let finding: Finding
  /// Why, in one sentence.
  public let sentence: String
}

extension Eligibility {
  /// Every rule, in order, as it stands at `instant` for the smallest amount that can be asked for; unmet in the very
  /// cases of ``reasons(facts:timeline:asking:at:branding:)``.
  public static func verdicts(
    facts: CompanyFacts, timeline: CompanyTimeline, at instant: Instant, branding: Branding
  ) -> [EligibilityVerdict] {
    let reasons = reasons(
      facts: facts, timeline: timeline, asking: smallestAmount, at: instant, branding: branding)
    return EligibilityVerdict.Rule.allCases.map { rule in
      if let reason = reasons.first(where: { $0.condition.rule == rule }) {
        return EligibilityVerdict(rule: rule, finding: .unmet, sentence: reason.sentence)
      }
      return met(rule, facts, timeline.balance(at: instant))
    }
  }

  /// What is said of a rule that nothing speaks against.
  private static func met(
    _ rule: EligibilityVerdict.Rule, _ facts: CompanyFacts, _ balance: TokenBalance
  ) -> EligibilityVerdict {
    func met(_ sentence: String) -> EligibilityVerdict {
      EligibilityVerdict(rule: rule, finding: .met, sentence: sentence)
    }
    switch rule {
    case .tokens: return met("\(balance.available.inWords) \(balance.available == 1 ? "is" : "are") available.")
    case .singleAccount: return met("The company has exactly one platform account.")
    case .enterprise: return met("The company has exactly one active enterprise subscription.")
    case .priceList:
      let active = facts.accounts.flatMap(\.subscriptions).filter(\.isActive)
      let enterprise = active.filter(\.isEnterprise)
      guard let oldest = (enterprise.isEmpty ? active : enterprise).map(\.priceListYear).min() else {
        return EligibilityVerdict(
          rule: rule, finding: .open, sentence: "There is no active subscription whose price list could be judged.")
      }
      return met(
        "The subscription is based on the \(PlatformAccount.Subscription.priceList(oldest)) price list; "
          + "\(PlatformAccount.Subscription.priceList(oldestPriceListYear)) or newer is needed.")
    }
  }
}

extension IneligibilityReason.Condition {
  /// The rule that the condition breaks.
  fileprivate var rule: EligibilityVerdict.Rule {
    switch self {
    case .insufficientTokens: .tokens
    case .outdatedPriceList: .priceList
    case .notASingleAccount: .singleAccount
    case .noEnterpriseSubscription, .severalEnterpriseSubscriptions: .enterprise
    }
  }
}
