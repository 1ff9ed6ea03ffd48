/// Which models the configured provider accounts and the built-in ones can answer with, so that pages can say so before
/// somebody provisions what nothing serves. Rule N-2.
public struct ServedModels: Hashable, Sendable {
  private let regions: [ModelVersionID: Set<RegionID>]

  /// `deployments` are those whose provider is there.
  public init(_ deployments: [Deployment]) {
    regions = Dictionary(grouping: deployments, by: \.model).mapValues { Set($0.map(\.region)) }
  }

  /// True where a call to `model` of a resource in `region` finds a deployment.
  public func serves(_ model: ModelVersion, in region: RegionID, isCrossRegion: Bool) -> Bool {
    guard let availability = model.availability(in: region), let served = regions[model.id] else { return false }
    if served.contains(region) { return true }
    return isCrossRegion && availability.inferenceRegions.contains { served.contains($0) }
  }

  /// True where any of `models` could be reached from `region`.
  public func servesAny(of models: [ModelVersion], in region: Region) -> Bool {
    models.contains { serves($0, in: region.id, isCrossRegion: region.offersCrossRegion) }
  }
}
