/// What kind of thing changed. Caches drop what they hold of it.
public enum ChangeKind: String, Hashable, Sendable, CaseIterable {
  case company
  case user
  case resource
  case team
  case key
  case providerAccount
}

/// One line of the change feed: something that other processes may hold in a cache is different now. Decision 7.
public struct Change: Hashable, Sendable {
  /// Ever increasing, without being seen out of order.
  public let sequence: Int64
  public let kind: ChangeKind
  public let id: String

  public init(sequence: Int64, kind: ChangeKind, id: String) {
    self.sequence = sequence
    self.kind = kind
    self.id = id
  }
}
