/// A typed identifier: the text that names one `Entity` and cannot be mistaken for the name of another kind.
public struct Identifier<Entity>: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The identifier as it stands in addresses, rows and answers.
  public let text: String

  public init(_ text: String) { self.text = text }

  public init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  public var description: String { text }

  public static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// Names of the things that identifiers point at, where the type itself is not the entity.
public enum RequestEntity {}

/// The id of one call to the gateway; the same in the answer, the log line and the usage entry. Rule F-5.
public typealias RequestID = Identifier<RequestEntity>
public typealias CompanyID = Identifier<Company>
public typealias ResourceID = Identifier<Resource>
public typealias UserID = Identifier<User>
public typealias KeyID = Identifier<ResourceKey>
public typealias ModelVersionID = Identifier<ModelVersion>
public typealias RegionID = Identifier<Region>
