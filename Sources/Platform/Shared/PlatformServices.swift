public import Core

/// Every use case of the people's side; made once, by the wiring.
public struct PlatformServices: Sendable {
  public let context: PlatformContext
  public let accounts: Accounts
  public let setUp: SetUp
  public let companies: Companies
  public let members: Members
  public let invitations: Invitations
  public let resources: Resources
  public let keys: Keys
  public let consumption: ConsumptionReports
  public let cloudTokens: CloudTokensReports
  public let activity: ActivityLog
  public let usageExport: UsageExport
  public let demo: DemoCompany
  /// What needs no caller. Rule P-1.
  public let operatorDesk: OperatorDesk

  /// `allowances` are those that admission enforces (rule U-7).
  public init(
    _ context: PlatformContext, passwordCost: PasswordCost = .standard,
    allowances: RunningAllowances = RunningAllowances()
  ) {
    self.context = context
    let passwords = PasswordHasher(cost: passwordCost, random: context.random)
    accounts = Accounts(context, passwords: passwords)
    companies = Companies(context)
    members = Members(context)
    invitations = Invitations(context, accounts: accounts)
    setUp = SetUp(context, passwords: passwords)
    resources = Resources(context, allowances: allowances)
    keys = Keys(context)
    consumption = ConsumptionReports(context, running: allowances.running)
    cloudTokens = CloudTokensReports(context)
    activity = ActivityLog(context)
    usageExport = UsageExport(database: context.database)
    demo = DemoCompany(context, passwords: passwords)
    operatorDesk = OperatorDesk(context, passwords: passwords)
  }

  public var catalog: Catalog { context.catalog }
  public var branding: Branding { context.branding }
}
