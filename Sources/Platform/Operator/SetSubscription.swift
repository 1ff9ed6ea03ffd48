public import Core
import Storage

/// `packhouse subscription set`: what eligibility sees of a company's platform accounts. Rules E-2 to E-4.
///
/// Says what should be, so that saying it again changes nothing.
public struct SetSubscription: OperatorRequest {
  public static let verb = "subscription.set"
  static let mostAccounts = 20
  static let mostSubscriptions = 20

  public var company: String
  /// The account's name; nil the only one, or ``PlatformAccount/usualName`` where there is none.
  public var account: String?
  /// Which of the account's subscriptions, from 1; nil the first. The next free number adds one.
  public var number: String?
  /// `enterprise` or `other`; nil leaves it, or `enterprise` for a new one.
  public var kind: String?
  /// `active` or `inactive`; nil leaves it, or `active` for a new one.
  public var status: String?
  /// Such as `FY26`; nil leaves it, or that of the current year for a new one.
  public var priceList: String?
  /// Removes this account with its subscriptions instead; one that is not there is refused.
  public var removeAccount: String?
  public var idempotencyKey: String

  public init(
    company: String, account: String?, number: String?, kind: String?, status: String?, priceList: String?,
    removeAccount: String?, idempotencyKey: String
  ) {
    self.company = company
    self.account = account
    self.number = number
    self.kind = kind
    self.status = status
    self.priceList = priceList
    self.removeAccount = removeAccount
    self.idempotencyKey = idempotencyKey
  }

  /// What eligibility sees now.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    public let accounts: [ListedAccount]
    /// Why self-service is closed, apart from Cloud Tokens; empty where it is open.
    public let reasons: [String]
    /// False where everything was so already.
    public let hasChanged: Bool
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let company = try await desk.company(input.company)
    return try await desk.change(company.id, for: self) { work in
      let before = work.facts.accounts
      let (after, deed) = try input.applied(to: before, of: company.id, on: work.zone.day(of: work.now))
      let hasChanged = after != before
      if hasChanged {
        try work.transaction.replacePlatformAccounts(of: company.id, by: after)
        work.note(ActivityDeed(.settings, deed))
        try work.reload()
      }
      return Outcome(work, hasChanged: hasChanged)
    }
  }

  private func read(_ list: inout ProblemList) -> SubscriptionInput? {
    let company = list.company(company)
    let name = account.flatMap { list.accountName($0, .account) }
    let removed = removeAccount.flatMap { list.accountName($0, .removeAccount) }
    let number = number.flatMap { list.subscriptionNumber($0) }
    let isEnterprise = kind.flatMap { list.choice($0, .kind, [("enterprise", true), ("other", false)]) }
    let isActive = status.flatMap { list.choice($0, .status, [("active", true), ("inactive", false)]) }
    let year = priceList.flatMap { list.priceList($0) }
    let others = [account, self.number, kind, status, priceList].compactMap { $0 }
    if removeAccount != nil, !others.isEmpty {
      list.add(.removeAccount, "An account is removed as a whole. Leave the other options out.")
    }
    let key = list.idempotencyKey(idempotencyKey)
    guard let company, key != nil else { return nil }
    return SubscriptionInput(
      company: company, account: name, number: number ?? 1, isEnterprise: isEnterprise, isActive: isActive,
      priceListYear: year, removed: removed)
  }
}

/// A ``SetSubscription`` that makes sense by itself.
struct SubscriptionInput: Sendable {
  let company: String
  let account: String?
  let number: Int
  let isEnterprise: Bool?
  let isActive: Bool?
  let priceListYear: Int?
  let removed: String?

  /// The accounts as they should be, and what was done in words. Throws ``PlatformError``.
  func applied(
    to accounts: [PlatformAccount], of company: CompanyID, on day: LocalDay
  ) throws(PlatformError) -> (accounts: [PlatformAccount], deed: String) {
    if let removed {
      guard accounts.contains(where: { $0.name == removed }) else {
        let names = accounts.map(\.name).joined(separator: ", ")
        throw .invalid(
          OperatorField.removeAccount.rawValue,
          "The company has no platform account “\(removed)”. \(names.isEmpty ? "It has none." : "It has: \(names).")")
      }
      return (accounts.filter { $0.name != removed }, "Removed the platform account “\(removed)”")
    }
    let name = try accountName(among: accounts)
    let known = accounts.first { $0.name == name }
    guard known != nil || accounts.count < SetSubscription.mostAccounts else {
      throw .conflict("A company can have at most \(SetSubscription.mostAccounts) platform accounts. Remove one first.")
    }
    let account = known ?? .fresh(id: .named(name, of: company), companyID: company, on: day)
    var subscriptions = known?.subscriptions ?? []
    let fallback = PlatformAccount.fresh(id: account.id, companyID: company, on: day).subscriptions[0]
    let before = number <= subscriptions.count ? subscriptions[number - 1] : fallback
    let wanted = PlatformAccount.Subscription(
      isEnterprise: isEnterprise ?? before.isEnterprise, isActive: isActive ?? before.isActive,
      priceListYear: priceListYear ?? before.priceListYear)
    switch number {
    case ...subscriptions.count: subscriptions[number - 1] = wanted
    case subscriptions.count + 1: subscriptions.append(wanted)
    default:
      throw .invalid(
        OperatorField.number.rawValue,
        "The account “\(name)” has \(subscriptions.count) subscription\(subscriptions.count == 1 ? "" : "s"); the next one "
          + "has number \(subscriptions.count + 1).")
    }
    let changed = PlatformAccount(id: account.id, companyID: company, subscriptions: subscriptions)
    let others = accounts.filter { $0.id != account.id }
    return (
      (others + [changed]).sorted { $0.id < $1.id }, "Set \(wanted.words(number)) of the platform account “\(name)”"
    )
  }

  private func accountName(among accounts: [PlatformAccount]) throws(PlatformError) -> String {
    if let account { return account }
    guard accounts.count > 1 else { return accounts.first?.name ?? PlatformAccount.usualName }
    let names = accounts.map(\.name).joined(separator: ", ")
    throw .invalid(OperatorField.account.rawValue, "The company has several platform accounts. Name one of: \(names).")
  }
}

extension PlatformAccount.Subscription {
  fileprivate func words(_ number: Int) -> String {
    "subscription \(number) (\(isEnterprise ? "enterprise" : "other"), \(isActive ? "active" : "inactive"), price list "
      + "\(priceList))"
  }
}

extension SetSubscription.Outcome {
  fileprivate init(_ work: CompanyWork, hasChanged: Bool) {
    company = work.facts.company.id.text
    companyName = work.facts.company.name
    accounts = work.facts.accounts.map(ListedAccount.init)
    reasons = Eligibility.reasons(
      facts: work.facts, timeline: work.timeline, asking: Eligibility.smallestAmount, at: work.now,
      branding: work.context.branding
    ).filter { $0.condition != .insufficientTokens }.map(\.sentence)
    self.hasChanged = hasChanged
  }
}

extension ProblemList {
  fileprivate mutating func accountName(_ raw: String, _ field: OperatorField) -> String? {
    let isPlain = raw.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
      default: false
      }
    }
    if isPlain, (1...50).contains(raw.utf8.count) { return raw }
    add(field, "Enter an account's name of 1 to 50 letters, digits, dots, hyphens and underscores, such as main.")
    return nil
  }

  fileprivate mutating func subscriptionNumber(_ raw: String) -> Int? {
    if let number = Int(raw), (1...SetSubscription.mostSubscriptions).contains(number) { return number }
    add(.number, "Enter the subscription's number, from 1 to \(SetSubscription.mostSubscriptions).")
    return nil
  }

  fileprivate mutating func priceList(_ raw: String) -> Int? {
    let text = raw.uppercased()
    let digits = text.dropFirst(2)
    if text.hasPrefix("FY"), digits.utf8.count == 2, digits.utf8.allSatisfy({ (48...57).contains($0) }) {
      return Int(digits)
    }
    add(.priceList, "Enter the fiscal year of the price list, such as FY26.")
    return nil
  }
}
