import Core

/// "Size" or "Cloud Tokens" as somebody entered them. Rule C-9.
struct CapacityInput: Hashable, Sendable {
  let isPlan: Bool
  let cloudTokens: String
  let plan: String

  init(isPlan: Bool = false, cloudTokens: String = "", plan: String = "") {
    self.isPlan = isPlan
    self.cloudTokens = cloudTokens
    self.plan = plan
  }

  init(_ fields: FormFields) {
    self.init(
      isPlan: fields["capacityKind"] == "plan", cloudTokens: fields["cloudTokens"], plan: fields["plan"])
  }

  /// What a resource has.
  init(_ capacity: Capacity) {
    switch capacity {
    case .units(let tokens): self.init(cloudTokens: "\(tokens.count)")
    case .plan(let id): self.init(isPlan: true, plan: id.text)
    }
  }

  /// Nil where nothing was entered, or no whole number.
  var capacity: Capacity? {
    if isPlan { return plan.nonEmpty.map { .plan(Identifier($0)) } }
    return Self.wholeNumber(cloudTokens).map { .units(CloudTokens($0)) }
  }

  /// The problems of a form with those of the capacity at the input that is shown, and in words that fit what stands
  /// there. `field` is the name that the rules give to both inputs.
  func placing(_ problems: [FieldProblem], of field: String) -> [FieldProblem] {
    problems.map { problem in
      guard problem.field == field else { return problem }
      if isPlan { return FieldProblem("plan", problem.message) }
      return FieldProblem("cloudTokens", isNoWholeNumber ? Self.noWholeNumber : problem.message)
    }
  }

  /// True where something stands that is no whole number.
  var isNoWholeNumber: Bool { !isPlan && cloudTokens.contains { $0 != " " } && Self.wholeNumber(cloudTokens) == nil }

  var fields: [(String, String)] {
    [("capacityKind", isPlan ? "plan" : "units"), ("cloudTokens", cloudTokens), ("plan", plan)]
  }

  static let noWholeNumber = "Enter a whole number of Cloud Tokens, such as 30: they are not divided."

  /// Digits, also in groups of three with commas, spaces or apostrophes between; what is too large for the type is held
  /// at its end, so that the rules can name their limit.
  private static func wholeNumber(_ text: String) -> Int64? {
    var rest = text[...]
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    let isNegative = rest.first == "-"
    if isNegative { rest.removeFirst() }
    let groups = rest.split(omittingEmptySubsequences: false) { ",' ".contains($0) }
    guard let first = groups.first, groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
      return nil
    }
    guard groups.count == 1 || first.count <= 3 && groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    let number = Int64(groups.joined()) ?? Int64.max
    return isNegative ? -number : number
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
