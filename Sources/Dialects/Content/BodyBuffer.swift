import Core

/// Gathers a provider's whole answer up to a limit. Rule L-1.
struct BodyBuffer: Sendable, Redacted {
  static let limit = JSONLimits.answer.bytes

  private(set) var bytes: [UInt8] = []

  mutating func append(_ more: [UInt8]) throws(UpstreamFailure) {
    guard bytes.count + more.count <= Self.limit else {
      throw UpstreamFailure(.garbled, "The provider's answer is longer than \(Self.limit) bytes.")
    }
    if bytes.isEmpty { bytes = more } else { bytes.append(contentsOf: more) }
  }

  /// Whether a whole JSON object has come, after which nothing of an answer can be missing.
  var holdsObject: Bool {
    guard let last = bytes.last(where: { !JSONByte.isSpace($0) }), last == UInt8(ascii: "}") else { return false }
    return (try? object()) != nil
  }

  /// The answer as a JSON object.
  func object() throws(UpstreamFailure) -> JSONNode {
    let root: JSONNode
    do throws(JSONProblem) {
      root = try JSONDocument(bytes, limits: .answer).root
    } catch {
      throw UpstreamFailure(.garbled, "The provider's answer is not valid JSON: \(error.clause).")
    }
    guard root.kind == .object else { throw UpstreamFailure(.garbled, "The provider's answer is not a JSON object.") }
    return root
  }
}

extension UpstreamFailure {
  init(_ problem: FramingProblem) {
    self.init(.garbled, "The provider's stream is broken: \(problem.clause).")
  }

  /// A provider's answer that lacks what it must have.
  static func missing(_ element: String) -> UpstreamFailure {
    UpstreamFailure(.garbled, "The provider's answer lacks \(element).")
  }

  static let cutShort = UpstreamFailure(.garbled, "The provider's answer was cut short.")
}
