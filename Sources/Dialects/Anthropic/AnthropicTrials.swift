import Core

/// The trials that a caller asks to take part in, in the header `anthropic-beta` or, behind Bedrock, in the member
/// `anthropic_beta`. Rule D-2.
///
/// By the beginnings of their names, because a new date makes no other trial. One that stands in neither list is refused:
/// a trial changes what is done, and may change what it costs or how much may be sent, which nobody here could bound.
struct AnthropicTrials: Sendable {
  static let header = "anthropic-beta"
  /// The member of bodies and additional fields behind Bedrock.
  static let name = "anthropic_beta"
  private static let most = 64

  /// Allow what members ask for, which are judged by themselves, or change how an answer is told. They go along where the
  /// call passes; other dialects tell the answer in their own way.
  static let passing = [
    "interleaved-thinking-", "fine-grained-tool-streaming-", "context-management-", "token-efficient-tools-",
    "structured-outputs-", "effort-", "prompt-caching-", "pdfs-", "token-counting-", "task-budgets-",
    "thinking-display-updates-", "thinking-binding-controls-", "thinking-token-count-",
    "cache-diagnosis-", "model-context-window-exceeded-", "output-128k-", "output-300k-", "advanced-tool-use-",
    "tool-examples-",
  ]
  /// Say who asks, or allow what is refused here as a member. Left out.
  static let labels = ["claude-code-", "oauth-", "message-batches-", "extended-cache-ttl-"]

  /// Those that go along.
  let names: [String]

  /// Throws with the first that is neither passed nor a label.
  init(headers: [HTTPField]) throws(InvalidRequest) {
    var asked: [String] = []
    for field in headers where field.name.lowercased() == Self.header {
      asked += field.value.split(separator: ",").map { $0.trimmingSpaces }
    }
    names = try Self.judged(asked, in: Self.header)
  }

  /// Those in a body's list of names.
  init(_ list: JSONNode?) throws(InvalidRequest) {
    guard let list else {
      names = []
      return
    }
    guard list.kind == .array else { throw list.problem("must be a list, not \(list.kind.words)") }
    var asked: [String] = []
    for element in list.elements { asked.append(try element.text()) }
    names = try Self.judged(asked, in: Self.name)
  }

  /// Whether the trial goes along where the call passes.
  static func isKnown(_ trial: some StringProtocol) -> Bool { passing.contains { trial.hasPrefix($0) } }

  /// The first in a list of names that does not go along; what stands there, where it is no list of names.
  static func unknown(in list: JSONNode) -> JSONNode? {
    guard list.kind == .array else { return list }
    return list.elements.first { element in element.string.map { !isKnown($0) } ?? true }
  }

  private static func judged(_ asked: [String], in place: String) throws(InvalidRequest) -> [String] {
    guard asked.count <= most else {
      throw InvalidRequest("\(place) may name at most \(most) trials.", parameter: place)
    }
    var names: [String] = []
    for name in asked where !name.isEmpty {
      if isKnown(name) {
        names.append(name)
      } else if !labels.contains(where: { name.hasPrefix($0) }) {
        // Other words than those of a trial's name may be content.
        let shown = UpstreamStatus.shown(name).map { " \($0)" } ?? ""
        throw InvalidRequest(
          "The trial\(shown) that \(place) asks for is not supported; leave it out.", parameter: place)
      }
    }
    return names
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
