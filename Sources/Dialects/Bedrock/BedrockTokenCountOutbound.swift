public import Core

/// Bedrock's counter: `POST /model/{modelId}/count-tokens`. Rules D-1, N-1.
public struct BedrockTokenCountOutbound: TokenCountCodec {
  /// What an inference profile's id has before that of its model.
  private static let geographies: Set<String> = [
    "us", "us-gov", "eu", "apac", "jp", "au", "ca", "sa", "me", "af", "in", "global",
  ]

  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider counts the tokens of chats only.")
    }
    return UpstreamRequest(
      path: "/model/\(PercentEncoding.segment(Self.foundationModel(upstreamModel)))/count-tokens",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
      body: Sensitive(try ConverseWriter(chat).countBody()))
  }

  /// Counting is a matter of the model: the service takes no inference profile. Profiles of an account's own are left as
  /// they are, because their ids do not tell the model.
  static func foundationModel(_ id: String) -> String {
    let name =
      id.hasPrefix("arn:") && id.contains(":inference-profile/") ? id.split(separator: "/").last ?? "" : id[...]
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, geographies.contains(String(parts[0])), parts[1].contains(".") else { return id }
    return String(parts[1])
  }

  public func count(in body: [UInt8]) throws(UpstreamFailure) -> TokenCount {
    try UpstreamCount.read("inputTokens", in: body)
  }

  /// The service refuses models that it cannot count for in the words that it has for wrong requests. Only a refusal
  /// that is clearly about the request is taken as one.
  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    let failure = BedrockUpstreamFailure.read(status: status, headers: headers, body: body)
    guard failure.kind == .rejected else { return failure }
    let message = (try? JSONDocument(body).root)?["message"]?.string
    guard UpstreamStatus.Hint(message) == nil || Self.speaksOfCounting(message) else { return failure }
    return UpstreamFailure(.misconfigured, failure.message, retryAfter: failure.retryAfter)
  }

  private static func speaksOfCounting(_ message: String?) -> Bool {
    message?.prefix(1_024).lowercased().contains("count") ?? false
  }
}
