/// Which lines of a company's activity are wanted. Rule G-20.
public struct ActivityFilter: Hashable, Sendable {
  /// By whom it was done.
  public enum Doer: Hashable, Sendable {
    case person(UserID)
    case `operator`
    case schedule
  }

  /// Only what concerns this resource; nil for everything of the company.
  public var resourceID: ResourceID?
  public var kind: ActivityKind?
  public var doer: Doer?

  public init(resource: ResourceID? = nil, kind: ActivityKind? = nil, doer: Doer? = nil) {
    resourceID = resource
    self.kind = kind
    self.doer = doer
  }
}
