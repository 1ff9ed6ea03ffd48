/// Who may use self-service: checked on every provision and increase. Rules E-1 to E-4.
public enum Eligibility {
  /// The oldest price list that permits self-service, by fiscal year. Rule E-2.
  public static let oldestPriceListYear = 21
  /// What to ask for when only the way in is to be shown or disabled: the smallest amount there is. Rule E-5.
  public static let smallestAmount: CloudTokens = 1

  /// Every reason against allocating `asking` more tokens at `instant`, in the order of the rules; none where it may.
  /// `timeline` is that of `facts`.
  public static func reasons(
    facts: CompanyFacts, timeline: CompanyTimeline, asking: CloudTokens, at instant: Instant, branding: Branding
  ) -> [IneligibilityReason] {
    let balance = timeline.balance(at: instant)
    let subscriptions = facts.accounts.flatMap(\.subscriptions).filter(\.isActive)
    return [
      tokens(asking, of: balance),
      priceList(subscriptions),
      account(facts.accounts.count, branding),
      enterprise(subscriptions.count(where: \.isEnterprise), branding),
    ].compactMap { $0 }
  }

  /// Rule E-1.
  private static func tokens(_ asking: CloudTokens, of balance: TokenBalance) -> IneligibilityReason? {
    guard balance.available < asking else { return nil }
    let need = "This needs \(asking.inWords)"
    guard balance.shortfall == .zero else {
      return IneligibilityReason(
        .insufficientTokens,
        "\(need), but none are available: your resources hold \(balance.shortfall.inWords) more than your contracts "
          + "grant.")
    }
    return IneligibilityReason(
      .insufficientTokens,
      "\(need), but your company has \(balance.available.inWords) available: "
        + "\((asking - balance.available).inWords) too few.")
  }

  /// Rule E-2. Judges the enterprise subscriptions; where there is none, whatever else is active.
  private static func priceList(_ active: [PlatformAccount.Subscription]) -> IneligibilityReason? {
    let enterprise = active.filter(\.isEnterprise)
    let judged = enterprise.isEmpty ? active : enterprise
    guard let oldest = judged.map(\.priceListYear).min(), oldest < oldestPriceListYear else { return nil }
    return IneligibilityReason(
      .outdatedPriceList,
      "Your subscription is based on the \(PlatformAccount.Subscription.priceList(oldest)) price list; self-service needs "
        + "the \(PlatformAccount.Subscription.priceList(oldestPriceListYear)) price list or newer.")
  }

  /// Rule E-3.
  private static func account(_ count: Int, _ branding: Branding) -> IneligibilityReason? {
    switch count {
    case 1: nil
    case 0:
      IneligibilityReason(
        .notASingleAccount,
        "Your company has no platform account; self-service needs exactly one. \(branding.support) can set it up.")
    default:
      IneligibilityReason(
        .notASingleAccount,
        "Your company has \(count) platform accounts; self-service needs exactly one. \(branding.support) can merge "
          + "them.")
    }
  }

  /// Rule E-4. The first sentence is given by the specification word for word.
  private static func enterprise(_ count: Int, _ branding: Branding) -> IneligibilityReason? {
    switch count {
    case 1: nil
    case 0:
      IneligibilityReason(
        .noEnterpriseSubscription,
        "We couldn't retrieve your correct platform account, which is required to access available tokens and create "
          + "resources. Please contact \(branding.support) for assistance.")
    default:
      IneligibilityReason(
        .severalEnterpriseSubscriptions,
        "Your company has \(count) active enterprise subscriptions; self-service needs exactly one. "
          + "\(branding.support) can tell you which one should stay.")
    }
  }
}

extension CloudTokens {
  /// `1 Cloud Token`, `30 Cloud Tokens`, `1,200 Cloud Tokens`.
  public var inWords: String { "\(UnitsFormat.grouped(count)) Cloud Token\(count == 1 ? "" : "s")" }
}
