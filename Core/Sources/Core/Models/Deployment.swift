/// What kind of provider answers. Rule N-1.
public enum ProviderKind: String, Hashable, Sendable, CaseIterable {
  case bedrock
  case anthropic
  case cohere
  case openAICompatible = "openai-compatible"
  case offline
}

/// A model version at a provider in a region. Rule N-2.
public struct Deployment: Hashable, Sendable {
  public let id: Identifier<Deployment>
  public let model: ModelVersionID
  public let provider: ProviderKind
  /// Name of the configured provider account.
  public let account: String
  public let region: RegionID
  /// The model's name at the provider.
  public let upstreamModel: String

  public init(
    id: Identifier<Deployment>, model: ModelVersionID, provider: ProviderKind, account: String, region: RegionID,
    upstreamModel: String
  ) {
    self.id = id
    self.model = model
    self.provider = provider
    self.account = account
    self.region = region
    self.upstreamModel = upstreamModel
  }
}
