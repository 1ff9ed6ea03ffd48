import Core

/// Holds a request against the table of its dialect. Rules D-2, D-4, U-5.
struct MemberSurvey: Sendable {
  /// The first element that only providers of the same dialect understand.
  private(set) var beyondNeutral: InvalidRequest?
  /// Bytes of what would go along and stands in no neutral call. A token stands for at least one byte of a text, so that
  /// they bound what a provider could read there.
  private(set) var uncountedBytes = 0
  /// Some object has two members of one name, of which another reader could take the other one.
  private(set) var hasDuplicates = false
  private let allowsSeveral: Bool

  /// Throws where a member is refused whoever answers; the sentence names it. `allowsSeveral`: where one member says what a
  /// block is, others may stand beside it and are passed over, as callers do that were never told otherwise.
  init(_ body: JSONNode, _ members: [String: MemberRule], allowsSeveral: Bool = false) throws(InvalidRequest) {
    self.allowsSeveral = allowsSeveral
    try survey(members: body, members)
  }

  private mutating func survey(_ node: JSONNode, _ rule: MemberRule) throws(InvalidRequest) {
    switch rule {
    case .carried, .hint: return
    case .echo: uncountedBytes += node.raw.count
    case .own(let usual):
      guard !usual.contains(where: { $0.matches(node) }) else { return }
      uncountedBytes += node.raw.count
      note(node)
    case .ownObject(let members):
      let before = uncountedBytes
      try survey(node, .members(members))
      // All of it goes along, whatever stands in it.
      uncountedBytes = before + node.raw.count
      note(node)
    case .refused(let clause, let usual):
      guard usual.contains(where: { $0.matches(node) }) else { throw node.problem(clause) }
    case .only(let word, let clause):
      guard node.kind == .array else { throw node.problem("must be a list, not \(node.kind.words)") }
      for element in node.elements where !element.isString(word) { throw element.problem(clause) }
    case .members(let members):
      try each(node) { survey, object throws(InvalidRequest) in try survey.survey(members: object, members) }
    case .kinds(let tag, let usual, let kinds):
      try each(node) { survey, object throws(InvalidRequest) in
        guard let kind = object[tag]?.string ?? usual, let members = kinds[kind] else {
          // The reader refuses it; should one not, it is paid for.
          survey.uncountedBytes += object.raw.count
          return
        }
        try survey.survey(members: object, members)
      }
    case .oneOf(let members):
      try each(node) { survey, object throws(InvalidRequest) in
        let said = object.members.filter { !$0.value.isNull && members[$0.name.string ?? ""] != nil }
        if !survey.allowsSeveral, let second = said.dropFirst().first {
          throw second.value.problem("cannot stand beside another member that says what the block is")
        }
        try survey.survey(members: object, members)
      }
    }
  }

  /// The object itself, or every object in the list; nothing for what the reader takes in another form.
  private mutating func each(
    _ node: JSONNode, _ body: (inout Self, JSONNode) throws(InvalidRequest) -> Void
  ) throws(InvalidRequest) {
    switch node.kind {
    case .object: try body(&self, node)
    case .array: for element in node.elements where element.kind == .object { try body(&self, element) }
    case .null, .bool, .number, .string: break
    }
  }

  private mutating func survey(
    members object: JSONNode, _ members: [String: MemberRule]
  ) throws(InvalidRequest) {
    var names: Set<String> = []
    for member in object.members {
      let name = member.name.string ?? ""
      if !names.insert(name).inserted { hasDuplicates = true }
      if let rule = members[name] {
        if !member.value.isNull { try survey(member.value, rule) }
      } else {
        uncountedBytes += member.name.raw.count + member.value.raw.count
      }
    }
  }

  /// What the reader itself finds to be understood by providers of the same dialect only.
  mutating func note(_ element: JSONNode) {
    beyondNeutral = beyondNeutral ?? element.problem("is not supported by the provider of this model; leave it out")
  }
}
