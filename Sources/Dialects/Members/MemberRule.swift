/// What becomes of one member of a request. Rules D-2, D-4.
///
/// Each dialect has one table of these (`OpenAIChatMembers`, `ResponsesMembers`, `AnthropicMembers`, ...), which holds every
/// member that the dialect's official client knows. A member that stands in no table is one that nobody here knows: it is
/// tolerated, and goes along where the call passes.
indirect enum MemberRule: Sendable {
  /// The neutral call holds all of it, or the dialect's reader refuses it.
  case carried
  /// An object, or a list of objects, with these members. Whatever else stands there is the reader's.
  case members([String: MemberRule])
  /// The same, where the member `by` tells what kind of object it is; `usual` is the kind where it tells nothing. A kind
  /// that is not named here is refused by the reader.
  case kinds(by: String, usual: String? = nil, [String: [String: MemberRule]])
  /// An object, or a list of objects, of which exactly one of these members says what it is.
  case oneOf([String: MemberRule])
  /// Neither the answer nor its price depends on it, and no model reads it: goes along where the call passes, and is left
  /// out where it does not.
  case hint
  /// Stood in an answer and comes back with the conversation. Says nothing that the rest of its message does not, so it is
  /// left out like a hint; but a provider may take it as input.
  case echo
  /// Changes the answer, and only providers that speak the dialect know it. A value among `usual` means the same as none.
  case own(usual: [UsualValue] = [])
  /// The same for an object whose members are judged all the same: what is refused in it, is refused where it passes too.
  case ownObject([String: MemberRule])
  /// Nobody here can do it, or nobody can bound or prove what it costs or keeps: refused everywhere with the clause. A
  /// value among `usual` means the same as none.
  case refused(String, usual: [UsualValue] = [])
  /// A list in which only this word asks for nothing beyond what is done anyway; any other is refused with the clause.
  case only(String, otherwise: String)
}

/// A value of a member that asks for nothing beyond what is done without the member.
enum UsualValue: Sendable {
  case word(String)
  case number(Double)
  case bool(Bool)
  /// An object or a list with nothing in it.
  case empty

  func matches(_ node: JSONNode) -> Bool {
    switch self {
    case .word(let word): node.isString(word)
    case .number(let number): node.double == number
    case .bool(let bool): node.bool == bool
    case .empty: (node.kind == .object || node.kind == .array) && node.count == 0
    }
  }
}

extension MemberRule {
  static let unsupported = MemberRule.refused("is not supported; leave it out")
}
