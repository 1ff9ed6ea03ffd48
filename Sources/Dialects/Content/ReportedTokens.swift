import Core

/// Counts of tokens as providers report them. A count is a whole number from 0 to ``TokenUsage/mostTokens``; text, a
/// fraction, a negative or an absurd number report nothing, so that what they stand for is estimated. Rules U-2, M-3.
enum ReportedTokens {
  static func count(_ node: JSONNode?) -> Int64? { counted(node?.integer) }

  /// The value of a head's field.
  static func count(_ text: String?) -> Int64? { counted(text.flatMap { Int64($0) }) }

  /// The counts of the member `name` in a list of objects, added up; nil where the list says nothing.
  static func sum(of name: String, in list: JSONElements) -> Int64? {
    let counts = list.compactMap { count($0[name]) }
    guard !counts.isEmpty else { return nil }
    // Each is small enough that a sum of them fits long before a document holds that many.
    return counted(counts.reduce(0, +))
  }

  private static func counted(_ number: Int64?) -> Int64? {
    guard let number, (0...TokenUsage.mostTokens.count).contains(number) else { return nil }
    return number
  }
}

extension TokenUsage {
  /// Nil where no class has a token: a report of nothing is no report, because every call has input.
  var orNoReport: TokenUsage? { self == .zero ? nil : self }
}
