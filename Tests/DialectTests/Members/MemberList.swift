import Foundation

@testable import Dialects

/// The members that an official client knows, as `Conformance/test_members.py` reads them from its types.
struct MemberList {
  /// One path, such as `messages[]<user>.content[]<text>.text`.
  struct Line: CustomStringConvertible {
    let description: String
    let steps: [Step]
    /// What the client knows below this is left out of the list.
    let isWhole: Bool
  }

  enum Step: Equatable {
    case member(String)
    case element
    /// An object of one of these kinds.
    case kind([String])
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "lists")
  private static let rest = " ..."

  let lines: [Line]

  init(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: name + ".txt"), encoding: .utf8)
    lines = text.split(separator: "\n").map { line in
      let isWhole = line.hasSuffix(Self.rest)
      let path = isWhole ? line.dropLast(Self.rest.count) : line[...]
      return Line(description: String(path), steps: Self.steps(of: String(path)), isWhole: isWhole)
    }
  }

  static func steps(of path: String) -> [Step] {
    var steps: [Step] = []
    var rest = path[...]
    while let first = rest.first {
      switch first {
      case ".": rest.removeFirst()
      case "[":
        steps.append(.element)
        rest.removeFirst(2)
      case "<":
        let end = rest.firstIndex(of: ">") ?? rest.endIndex
        steps.append(.kind(rest[rest.index(after: rest.startIndex)..<end].split(separator: "|").map(String.init)))
        rest = rest[end...].dropFirst()
      default:
        let name = rest.prefix { !".[<".contains($0) }
        steps.append(.member(String(name)))
        rest = rest[name.endIndex...]
      }
    }
    return steps
  }
}

/// Who decides what becomes of a path.
enum PathJudge: Equatable {
  /// A rule of its own, which refuses it.
  case refusal
  /// The rule of something that it stands in, which is taken as a whole.
  case whole
  /// A rule of its own, or nobody.
  case other
}

/// What a table says of a path.
enum TableAnswer: Equatable {
  /// Nothing: nobody decided.
  case unknown
  /// Taken apart further, by members.
  case apart
  /// Decided for all that stands there.
  case decided
  /// Of a kind that the reader refuses.
  case otherKind
}

extension MemberRule {
  /// Who decides what becomes of a path. Of a member that one kind of object has, the first kind that has it.
  func judge(of steps: ArraySlice<MemberList.Step>) -> PathJudge {
    switch self {
    // The elements of a list are a part of its member.
    case .refused, .only: return .refusal
    case .carried, .hint, .echo, .own: return steps.contains { $0 != .element } ? .whole : .other
    case .members(let members), .oneOf(let members), .ownObject(let members):
      guard let step = steps.first else { return .other }
      guard case .member(let name) = step else { return judge(of: steps.dropFirst()) }
      return members[name]?.judge(of: steps.dropFirst()) ?? .other
    case .kinds(_, _, let kinds):
      switch steps.first {
      case nil: return .other
      case .element: return judge(of: steps.dropFirst())
      case .kind(let names):
        guard let members = names.compactMap({ kinds[$0] }).first else { return .other }
        return MemberRule.members(members).judge(of: steps.dropFirst())
      case .member:
        return kinds.values.map { MemberRule.members($0).judge(of: steps) }.first { $0 != .other } ?? .other
      }
    }
  }

  /// Paths that a rule above them takes as a whole, though what has the same name in an object of the same name is refused
  /// elsewhere in the table.
  func holes(among lines: [MemberList.Line]) -> [String] {
    func ending(_ line: MemberList.Line) -> [MemberList.Step] {
      line.steps.filter { if case .member = $0 { true } else { false } }.suffix(2)
    }
    let refused = Set(lines.filter { judge(of: $0.steps[...]) == .refusal }.map { "\(ending($0))" })
    return lines.filter { judge(of: $0.steps[...]) == .whole && refused.contains("\(ending($0))") }.map(\.description)
  }

  func answer(to steps: ArraySlice<MemberList.Step>) -> TableAnswer {
    switch self {
    case .carried, .hint, .echo, .own, .refused, .only: return .decided
    case .members(let members), .oneOf(let members), .ownObject(let members):
      guard let step = steps.first else { return .apart }
      guard case .member(let name) = step else { return answer(to: steps.dropFirst()) }
      return members[name]?.answer(to: steps.dropFirst()) ?? .unknown
    case .kinds(_, _, let kinds):
      switch steps.first {
      case nil: return .apart
      case .element: return answer(to: steps.dropFirst())
      case .kind(let names):
        let known = names.compactMap { kinds[$0] }
        guard !known.isEmpty else { return .otherKind }
        return known.count == names.count
          ? MemberRule.members(known[0]).answer(to: steps.dropFirst()) : .unknown
      case .member:
        let answers = kinds.values.map { MemberRule.members($0).answer(to: steps) }
        return answers.first { $0 != .unknown } ?? .unknown
      }
    }
  }
}
