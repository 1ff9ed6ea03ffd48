/// The wire language of a client or of a provider.
public enum Dialect: String, Hashable, Sendable, CaseIterable {
  case openAI = "openai"
  case anthropic
  case bedrock
  case cohere
  case connector
  /// The portal's own Playground.
  case portal
}
