import Platform

/// Phrases that several commands print.
enum OutcomeText {
  /// The first line of what a change prints.
  static func heading(_ done: String, _ outcome: some OperatorOutcome) -> String {
    outcome.wasRepeated
      ? "Nothing was done again: this idempotency key had been used. This was done then:\n\(done)" : done
  }

  /// What to say about a password that is not told.
  static func password(_ generated: String?, isGiven: Bool, wasRepeated: Bool) -> String {
    if let generated { return "\(generated)   (shown only now)" }
    return isGiven && !wasRepeated ? "as given" : "as it was set then; `packhouse user reset-password` sets a new one"
  }

  static func contract(_ contract: ListedContract) -> String {
    "\(contract.cloudTokens.grouped) Cloud Tokens from \(contract.startDay) until \(contract.endDay)"
      + " (\(contract.status.rawValue))"
  }

  static func account(_ account: ListedAccount) -> [String] {
    guard !account.subscriptions.isEmpty else { return ["\(account.name): no subscription"] }
    return account.subscriptions.map { subscription in
      "\(account.name) \(subscription.number): \(subscription.kind), \(subscription.status), price list "
        + subscription.priceList
    }
  }

  static func balance(_ balance: ListedBalance) -> String {
    "\(balance.available.grouped) available, \(balance.allocated.grouped) allocated, \(balance.total.grouped) in all"
  }

  /// `1 admin`, `2 admins`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(Int64(number).grouped) \(noun)\(number == 1 ? "" : "s")"
  }

  static func person(_ user: ListedUser) -> String { "\(user.name) <\(user.email)>" }

  /// `heading`, `fields`, and what else is to be known.
  static func page(_ heading: String, _ fields: TextFields, notes: [String] = []) -> String {
    let notes = notes.map { ManualText.wrapped($0, first: "", rest: "").joined(separator: "\n") }
    return ([heading, fields.text] + notes).filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}

/// Members that several commands print with `--json`.
extension Manual.Field {
  static let wasRepeated = Manual.Field(
    "wasRepeated", "True where the idempotency key had been used: nothing was done, the rest is of the first time.")
  static let password = Manual.Field(
    "password", "The generated password. Left out where it was given or known already.")

  static func company(id: String = "company", name: String = "companyName") -> [Manual.Field] {
    [Manual.Field(id, "The company's id."), Manual.Field(name, "Its name.")]
  }

  static func balance(_ prefix: String = "balance.") -> [Manual.Field] {
    [
      Manual.Field("\(prefix)total", "Cloud Tokens of the contracts in force."),
      Manual.Field("\(prefix)allocated", "Those that resources hold."),
      Manual.Field("\(prefix)available", "The rest; negative where a contract ended under what it paid for."),
    ]
  }

  static func contract(_ prefix: String = "") -> [Manual.Field] {
    [
      Manual.Field("\(prefix)id", "The contract's id."),
      Manual.Field("\(prefix)cloudTokens", "Cloud Tokens that it grants."),
      Manual.Field("\(prefix)status", "\"to come\", \"in force\" or \"over\"."),
      Manual.Field("\(prefix)startsAt", "Its start."), Manual.Field("\(prefix)startDay", "The day of the start."),
      Manual.Field("\(prefix)endsAt", "Its end: the first instant without it."),
      Manual.Field("\(prefix)endDay", "The day of the end: the first one without it."),
      Manual.Field("\(prefix)recordedAt", "When it was granted; it counts from then at the earliest."),
    ]
  }

  static func account(_ prefix: String = "") -> [Manual.Field] {
    [
      Manual.Field("\(prefix)name", "The account's name."),
      Manual.Field("\(prefix)subscriptions[].number", "The subscription's number, from 1."),
      Manual.Field("\(prefix)subscriptions[].kind", "\"enterprise\" or \"other\"."),
      Manual.Field("\(prefix)subscriptions[].status", "\"active\" or \"inactive\"."),
      Manual.Field("\(prefix)subscriptions[].priceList", "Fiscal year of the price list, such as \"FY26\"."),
    ]
  }

  static func user(_ prefix: String = "") -> [Manual.Field] {
    [
      Manual.Field("\(prefix)id", "The person's id."), Manual.Field("\(prefix)name", "The name."),
      Manual.Field("\(prefix)email", "The address to sign in with."),
      Manual.Field("\(prefix)role", "\"admin\" or \"member\"."),
      Manual.Field("\(prefix)status", "\"active\", \"without password\" or \"deactivated\"."),
      Manual.Field("\(prefix)deactivatedDay", "The day of the deactivation."),
    ]
  }
}
