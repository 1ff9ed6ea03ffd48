/// A place where resources live. Rule C-2.
public struct Region: Sendable, Hashable {
  public let id: RegionID
  /// As shown: "Europe (Frankfurt) - eu-central-1".
  public let displayName: String
  /// Requests never leave it. Rule N-2.
  public let area: Identifier<Area>
  public let cloudProvider: String
  public let offersCrossRegion: Bool
  /// False for a region that only answers cross-region inference: nothing is provisioned in it.
  public let offersResources: Bool

  public init(
    id: RegionID, displayName: String, area: Identifier<Area>, cloudProvider: String, offersCrossRegion: Bool,
    offersResources: Bool = true
  ) {
    self.id = id
    self.displayName = displayName
    self.area = area
    self.cloudProvider = cloudProvider
    self.offersCrossRegion = offersCrossRegion
    self.offersResources = offersResources
  }
}

/// Name of the areas that requests stay within, such as EU.
public enum Area {}
