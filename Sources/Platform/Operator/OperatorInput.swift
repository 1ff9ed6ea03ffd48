import Core
import Foundation

extension OperatorRequest {
  /// What `read` made of the texts of a request, or everything that is wrong with them.
  func checked<Value>(_ read: (inout ProblemList) -> Value?) throws(PlatformError) -> Value {
    var list = ProblemList()
    let value = read(&list)
    try list.throwIfAny()
    guard let value else { throw .invalid("", "The request is not complete.") }
    return value
  }

  /// What `read` finds wrong.
  func problems<Value>(_ read: (inout ProblemList) -> Value?) -> [FieldProblem] {
    var list = ProblemList()
    _ = read(&list)
    return list.problems
  }
}

/// Readers of what operators type. Each gives nil and notes why where it can't.
extension ProblemList {
  mutating func add(_ field: OperatorField, _ message: String) { add(field.rawValue, message) }

  /// A line of text of at most `limit` characters; `what` names it in the sentence.
  mutating func text(
    _ raw: String?, _ field: OperatorField, what: String, limit: Int = SetUp.longestName
  ) -> String? {
    let before = problems.count
    let text = text(raw ?? "", field.rawValue, what: what, limit: limit)
    return problems.count == before ? text : nil
  }

  /// How a company is named by its id or its name.
  mutating func company(_ raw: String?) -> String? {
    text(raw, .companyOperand, what: "the company by its id or its exact name")
  }

  mutating func email(_ raw: String?, _ field: OperatorField) -> String? {
    if let email = raw.flatMap(EmailAddress.canonical) { return email }
    add(field, "Enter an email address, such as anna@example.com.")
    return nil
  }

  mutating func zone(_ raw: String?, _ field: OperatorField = .timeZone) -> CompanyZone? {
    if let zone = raw.flatMap(CompanyZone.init(_:)) { return zone }
    add(field, "\(quoted(raw)) is no time zone. Enter a name such as UTC or Europe/Amsterdam.")
    return nil
  }

  mutating func tokens(_ raw: String?, _ field: OperatorField = .cloudTokens) -> CloudTokens? {
    if let count = raw.flatMap({ Int64($0) }), (1...SetUp.mostTokens).contains(count) { return CloudTokens(count) }
    add(
      field,
      "Enter a whole number of Cloud Tokens from 1 to \(UnitsFormat.grouped(SetUp.mostTokens)), without separators.")
    return nil
  }

  mutating func day(_ raw: String?, _ field: OperatorField, what: String) -> LocalDay? {
    if let day = raw.flatMap(LocalDay.init(iso:)), Self.years.contains(day.year) { return day }
    add(field, "Enter \(what) as a day such as 2027-03-31.")
    return nil
  }

  mutating func idempotencyKey(_ raw: String) -> String? {
    if PlatformContext.isIdempotencyKey(raw) { return raw }
    add(.idempotencyKey, "Enter a key of 1 to \(PlatformContext.longestIdempotencyKey) bytes.")
    return nil
  }

  /// One of `choices` by its word, upper and lower case alike.
  mutating func choice<Value>(_ raw: String, _ field: OperatorField, _ choices: [(word: String, value: Value)])
    -> Value?
  {
    if let found = choices.first(where: { $0.word == raw.lowercased() }) { return found.value }
    add(field, "\(quoted(raw)) is not possible. Enter one of: \(choices.map(\.word).joined(separator: ", ")).")
    return nil
  }

  /// Notes what is wrong with a password that was given.
  mutating func check(_ password: OperatorSecret?) {
    if let problem = password.flatMap({ PasswordHasher.problem(with: $0.content) }) { add(.password, problem) }
  }

  /// Years that a contract may begin or end in: a typing error in the year is more likely than anything outside.
  private static let years = 2000...2199

  private func quoted(_ raw: String?) -> String { "“\((raw ?? "").prefix(60).filter { !$0.isNewline })”" }
}
