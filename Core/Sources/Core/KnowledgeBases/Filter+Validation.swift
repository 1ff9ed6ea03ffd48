extension Filter {
  /// Checks what every filter must keep to before a store sees it: how deep and how large it is, its keys, and values
  /// that can be compared. Rule KB-4.
  ///
  /// `field` is the name under which the caller gave the filter.
  public func validate(field: String = "filter") throws(InvalidInput) {
    let problems = problems(field: field)
    guard problems.isEmpty else { throw InvalidInput(problems) }
  }

  /// Everything that is wrong with the filter, at most ``KnowledgeLimits/problemsTold``.
  public func problems(field: String = "filter") -> [FieldProblem] {
    var review = FilterReview(field: field)
    review.look(at: self, within: 0)
    return review.problems
  }
}

/// One walk through a filter.
private struct FilterReview {
  let field: String
  private(set) var problems: [FieldProblem] = []
  private var conditions = 0
  private var isTooDeep = false

  init(field: String) { self.field = field }

  mutating func look(at filter: Filter, within groups: Int) {
    guard problems.count < KnowledgeLimits.problemsTold else { return }
    switch filter {
    case .holds(let condition): look(at: condition)
    case .all(let members), .any(let members): look(at: members, within: groups + 1)
    }
  }

  private mutating func look(at members: [Filter], within groups: Int) {
    guard groups <= Filter.deepest else {
      // What lies deeper is not walked: a hostile filter is as deep as its text is long.
      if !isTooDeep {
        tell("The filter's groups stand more than \(Filter.deepest) deep within each other; flatten them.")
      }
      isTooDeep = true
      return
    }
    if members.isEmpty { tell("A group of the filter is empty; put a condition into it or leave it out.") }
    for member in members where conditions <= KnowledgeLimits.filterConditions { look(at: member, within: groups) }
  }

  private mutating func look(at condition: FilterCondition) {
    conditions += 1
    guard conditions <= KnowledgeLimits.filterConditions else {
      tell(
        "The filter has more than \(KnowledgeLimits.filterConditions) conditions; ask for lists of values by \"in\".")
      return
    }
    if let problem = KnowledgeLimits.problem(inKey: condition.key) { tell(problem) }
    let key = KnowledgeLimits.quoted(condition.key)
    switch condition.test {
    case .equals(let value), .notEquals(let value), .lists(let value): look(at: [value], of: key)
    case .isIn(let values), .isNotIn(let values):
      if values.isEmpty { tell("The list of values for \(key) is empty; name at least one value.") }
      if values.count > KnowledgeLimits.filterValues {
        tell("The list for \(key) has \(values.count) values; at most \(KnowledgeLimits.filterValues) are allowed.")
      } else {
        look(at: values, of: key)
      }
    case .isGreater(let value), .isAtLeast(let value), .isLess(let value), .isAtMost(let value):
      if case .boolean = value { tell("\(key) is compared with a boolean, which has no order; use \"equals\".") }
      look(at: [value], of: key)
    case .startsWith(let text), .contains(let text), .reads(let text): look(at: [.text(text)], of: key)
    case .exists: break
    }
  }

  private mutating func look(at values: [MetadataValue], of key: String) {
    for value in values {
      switch value {
      case .number(let number):
        if !number.isFinite { tell("\(key) is compared with a number that is not finite; give a finite one.") }
      case .text(let text):
        if text.utf8.count > KnowledgeLimits.metadataBytes {
          tell("\(key) is compared with a text of more than 16 KB, which no metadata can hold; shorten it.")
        }
      case .boolean: break
      }
    }
  }

  private mutating func tell(_ message: String) {
    if problems.count < KnowledgeLimits.problemsTold { problems.append(FieldProblem(field, message)) }
  }
}
