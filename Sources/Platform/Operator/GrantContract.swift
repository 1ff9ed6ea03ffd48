public import Core
import Storage

/// `packhouse contract grant`: more Cloud Tokens for a company. Rule T-1.
public struct GrantContract: OperatorRequest {
  public static let verb = "contract.grant"

  /// By id or exact name.
  public var company: String
  public var cloudTokens: String
  /// The first day of the contract, in the company's zone; nil from now on.
  public var from: String?
  /// The first day without it.
  public var to: String
  public var idempotencyKey: String

  public init(company: String, cloudTokens: String, from: String?, to: String, idempotencyKey: String) {
    self.company = company
    self.cloudTokens = cloudTokens
    self.from = from
    self.to = to
    self.idempotencyKey = idempotencyKey
  }

  /// What was granted.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    public let timeZone: String
    public let contract: ListedContract
    /// Once the contract is recorded.
    public let balance: ListedBalance
    /// What is worth knowing although nothing is wrong.
    public let notes: [String]
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let company = try await desk.company(input.company)
    let id: Identifier<Contract> = desk.context.random.identifier()
    return try await desk.change(company.id, for: self) { work in
      let contract = try Self.contract(id, input, work)
      try work.transaction.insert(contract)
      let zone = work.zone
      let (from, to) = (zone.day(of: contract.startsAt), zone.day(of: contract.endsAt))
      work.note(ActivityDeed(.contract, "Granted \(contract.tokens.inWords) by a contract from \(from) until \(to)"))
      try work.reload()
      return Outcome(contract, work)
    }
  }

  private static func contract(
    _ id: Identifier<Contract>, _ input: Input, _ work: CompanyWork
  ) throws(PlatformError) -> Contract {
    let startsAt = input.from.map(work.zone.firstInstant) ?? work.now
    let endsAt = work.zone.firstInstant(of: input.to)
    guard endsAt > work.now else {
      throw .invalid(
        OperatorField.to.rawValue,
        "The contract would be over already: in \(work.zone) it is \(work.zone.day(of: work.now)). Enter a later day.")
    }
    guard endsAt > startsAt else {
      throw .invalid(OperatorField.to.rawValue, "The contract would end before it begins. Enter a day after --from.")
    }
    return Contract(
      id: id, companyID: work.facts.company.id, tokens: input.tokens, startsAt: startsAt, endsAt: endsAt,
      recordedAt: work.now)
  }

  private struct Input: Sendable {
    let company: String
    let tokens: CloudTokens
    let from: LocalDay?
    let to: LocalDay
  }

  private func read(_ list: inout ProblemList) -> Input? {
    let company = list.company(company)
    let tokens = list.tokens(cloudTokens)
    let from = from.flatMap { list.day($0, .from, what: "the first day of the contract") }
    let to = list.day(to, .to, what: "the first day without the contract")
    if let from, let to, to <= from {
      list.add(.to, "Enter a day after --from: it is the first one without the contract.")
    }
    let key = list.idempotencyKey(idempotencyKey)
    guard let company, let tokens, let to, key != nil else { return nil }
    return Input(company: company, tokens: tokens, from: from, to: to)
  }
}

extension GrantContract.Outcome {
  fileprivate init(_ contract: Contract, _ work: CompanyWork) {
    let facts = work.facts
    company = facts.company.id.text
    companyName = facts.company.name
    timeZone = facts.company.timeZone
    self.contract = ListedContract(contract, zone: facts.zone, at: work.now)
    let now = work.timeline.balance(at: work.now)
    balance = ListedBalance(now)
    var notes: [String] = []
    if facts.zone.day(of: contract.startsAt) < facts.zone.day(of: work.now) {
      notes.append("The start lies in the past: the Cloud Tokens count from now on, not before.")
    }
    if contract.startsAt > work.now {
      notes.append("The Cloud Tokens count from \(facts.zone.day(of: contract.startsAt)) on, not yet.")
    }
    if now.shortfall > .zero {
      notes.append(
        "The company's resources still hold \(now.shortfall.inWords) more than its contracts grant; those that do not "
          + "fit are suspended at the end of their bundle month.")
    }
    self.notes = notes
  }
}
