/// The names that texts for people take from settings.
public struct Branding: Hashable, Sendable {
  /// `branding.cloud`.
  public var cloud: String
  /// `branding.support`.
  public var support: String
  /// `branding.salesContact`: a name, an address or both.
  public var salesContact: String?

  public init(cloud: String = "Mendix Cloud", support: String = "Mendix Support", salesContact: String? = nil) {
    self.cloud = cloud
    self.support = support
    self.salesContact = salesContact
  }

  /// How somebody who may not use self-service gets a resource all the same. Rule E-5.
  public var orderPath: String {
    guard let salesContact else { return "To order a resource instead, contact \(support)." }
    return "To order a resource instead, contact \(support) or \(salesContact)."
  }
}
