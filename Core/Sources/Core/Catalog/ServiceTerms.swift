/// A third party's terms. Rule R-7.
public struct ServiceTerms: Sendable, Hashable {
  public let id: Identifier<ServiceTerms>
  public let party: String
  public let title: String
  public let url: String
  /// Changed terms have another version and are asked again.
  public let version: String

  public init(id: Identifier<ServiceTerms>, party: String, title: String, url: String, version: String) {
    self.id = id
    self.party = party
    self.title = title
    self.url = url
    self.version = version
  }
}
