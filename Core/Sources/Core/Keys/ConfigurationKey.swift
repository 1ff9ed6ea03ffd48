/// What a Mendix application imports to reach a resource: Base64 of one JSON object, as its Mendix Cloud GenAI connector reads it.
public struct ConfigurationKey: Sendable, Equatable {
  /// How one resource is reached.
  public struct Access: Sendable, Equatable {
    public let id: ResourceID
    public let name: String
    public let type: ResourceType
    /// Without a slash at its end: the client appends paths to it.
    public let resourceBaseURL: String
    /// The plain key.
    public let accessToken: Sensitive<String>
    /// Default model of text and embeddings resources; nil for knowledge bases.
    public let model: ModelVersionID?
    public let environment: ResourceEnvironment
    /// The resource's page in the portal.
    public let deepLinkURL: String

    /// Slashes at the end of `resourceBaseURL` are taken off.
    public init(
      id: ResourceID, name: String, type: ResourceType, resourceBaseURL: String, accessToken: Sensitive<String>,
      model: ModelVersionID?, environment: ResourceEnvironment, deepLinkURL: String
    ) {
      precondition((model == nil) == (type == .knowledgeBase), "a model for all but knowledge bases")
      self.id = id
      self.name = name
      self.type = type
      self.resourceBaseURL = String(resourceBaseURL.reversed().drop { $0 == "/" }.reversed())
      self.accessToken = accessToken
      self.model = model
      self.environment = environment
      self.deepLinkURL = deepLinkURL
    }
  }

  public let resource: Access
  /// Description of the key.
  public let keyName: String
  public let keyID: KeyID
  /// The embeddings resource of a knowledge base with its companion key (rule G-15); nil for other types.
  public let embeddings: Access?

  public init(resource: Access, keyName: String, keyID: KeyID, embeddings: Access? = nil) {
    precondition((embeddings != nil) == (resource.type == .knowledgeBase), "embeddings for knowledge bases only")
    self.resource = resource
    self.keyName = keyName
    self.keyID = keyID
    self.embeddings = embeddings
  }

  static let schemaVersion = 3
  /// Text and embeddings are refused by the client otherwise.
  static let architecture = "AWS"

  /// The JSON object, its members always in the same order.
  public func json() -> String {
    var object = JSONObjectText()
    resource.write(
      to: &object,
      before: {
        $0.add("keyName", keyName)
        $0.add("keyId", keyID.text)
      })
    object.add("schemaVersion", number: Self.schemaVersion)
    if let embeddings {
      var inner = JSONObjectText()
      embeddings.write(to: &inner, before: { _ in })
      object.add("embeddings", object: inner)
    }
    return object.text
  }

  /// What is shown once and imported.
  public func base64() -> String { Base64.encode(Array(json().utf8)) }
}

extension ConfigurationKey.Access {
  fileprivate func write(to object: inout JSONObjectText, before: (inout JSONObjectText) -> Void) {
    object.add("id", id.text)
    object.add("name", name)
    object.add("type", type.rawValue)
    object.add("resourceBaseUrl", resourceBaseURL)
    object.add("accessToken", accessToken.reveal())
    object.add("architecture", ConfigurationKey.architecture)
    if let model { object.add("model", model.text) }
    before(&object)
    object.add("environment", environment.rawValue)
    object.add("deepLinkUrl", deepLinkURL)
  }
}
