/// Who made a model of Bedrock's, as its id tells: InvokeModel takes bodies in the words of the maker only.
enum BedrockMaker {
  case anthropic
  case cohere

  /// `id`: of a model (`anthropic.claude-...`), of an inference profile (`eu.anthropic.claude-...`), or an ARN that ends in
  /// one. Nil for other makers, and for ARNs of an account's own, which do not tell.
  init?(of id: String) {
    let name = id.split(separator: "/").last ?? ""
    // The last part is the model's own name.
    let parts = name.lowercased().split(separator: ".").dropLast()
    if parts.contains("anthropic") {
      self = .anthropic
    } else if parts.contains("cohere") {
      self = .cohere
    } else {
      return nil
    }
  }
}
