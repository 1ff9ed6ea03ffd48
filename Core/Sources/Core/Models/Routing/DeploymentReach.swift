/// Which deployments may answer calls of a resource at all, whatever fails. Rule N-2.
///
/// Nothing that comes later adds to it: choice and failover pick from what is in reach.
public enum DeploymentReach {
  /// Those of `deployments` that may answer `model` for a resource in `region`, those of the own region first.
  ///
  /// Without cross-region inference only the own region; with it the model's inference regions as well. The catalog
  /// keeps those within the area, and a region of another area is out of reach even where it did not.
  public static func among(
    _ deployments: [Deployment], of model: ModelVersion, from region: RegionID, isCrossRegion: Bool, in catalog: Catalog
  ) -> [Deployment] {
    guard let availability = model.availability(in: region) else { return [] }
    let own = deployments.filter { $0.region == region }
    guard isCrossRegion else { return own }
    let area = catalog.region(region)?.area
    let others = deployments.filter { deployment in
      deployment.region != region && availability.inferenceRegions.contains(deployment.region)
        && catalog.region(deployment.region)?.area == area
    }
    return own + others
  }
}
