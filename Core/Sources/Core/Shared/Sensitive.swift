/// Content that must never reach a log, a metric or an error text. Rule V-2.
///
/// However it is printed it reads `<redacted>`; reading it is the one greppable call ``reveal()``.
public struct Sensitive<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: Value

  public init(_ value: Value) { self.value = value }

  /// The content itself. Call it only to encode, tokenize or show the content to the caller whom it belongs to.
  public func reveal() -> Value { value }

  public var description: String { "<redacted>" }
  public var debugDescription: String { "<redacted>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}
