public import Core

/// A password on its way from a terminal to the desk. Prints as `<redacted>` and is coded in plain, for the control
/// socket only: it is no part of any outcome that is recorded.
public struct OperatorSecret: Codable, Sendable {
  public let content: Sensitive<String>

  public init(_ text: String) { content = Sensitive(text) }

  public init(from decoder: any Decoder) throws {
    content = Sensitive(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(content.reveal())
  }
}
