import Core

/// Reads Bedrock's errors: the header `x-amzn-errortype`, or `__type` in the body.
enum BedrockUpstreamFailure {
  static func read(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    let root = try? JSONDocument(body).root
    let type = plainType(headers.value(of: "x-amzn-errortype") ?? root?["__type"]?.string ?? "")
    let message = root?["message"]?.string ?? root?["Message"]?.string
    var kind = kind(type) ?? UpstreamStatus.kind(status)
    if kind == .rejected, namesUnknownModel(message) { kind = .misconfigured }
    return UpstreamStatus.failure(
      kind, status: status, code: type, words: message, retryAfter: retryAfter(headers))
  }

  /// An exception that ended a stream.
  static func inStream(_ type: String) -> UpstreamFailure {
    let type = plainType(type)
    let shown = UpstreamStatus.shown(type).map { " (\($0))" } ?? ""
    return UpstreamFailure(kind(type) ?? .unavailable, "The provider failed while it answered\(shown).")
  }

  private static func kind(_ type: String) -> UpstreamFailure.Kind? {
    switch type.lowercased() {
    case "throttlingexception", "servicequotaexceededexception", "modelnotreadyexception", "toomanyrequestsexception":
      .throttled
    case "accessdeniedexception", "unrecognizedclientexception", "expiredtokenexception", "invalidsignatureexception",
      "missingauthenticationtokenexception", "incompletesignatureexception", "resourcenotfoundexception":
      .misconfigured
    case "validationexception": .rejected
    case "modeltimeoutexception": .timeout
    case "internalserverexception", "serviceunavailableexception", "modelerrorexception", "modelstreamerrorexception",
      "internalfailure":
      .unavailable
    default: nil
    }
  }

  /// `ThrottlingException:http://...` and `com.example#ThrottlingException` both mean the name alone.
  private static func plainType(_ type: String) -> String {
    let name = type.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    return String(name.split(separator: "#").last ?? "")
  }

  /// A wrong model id is refused as invalid, though the caller cannot mend it.
  private static func namesUnknownModel(_ message: String?) -> Bool {
    guard let message = message?.prefix(1_024).lowercased() else { return false }
    return message.contains("model identifier") || message.contains("on-demand throughput")
      || message.contains("inference profile")
  }

  private static func retryAfter(_ headers: [HTTPField]) -> Int? {
    guard let milliseconds = headers.value(of: "x-amz-retry-after").flatMap(Int.init), milliseconds >= 0 else {
      return UpstreamStatus.retryAfter(headers)
    }
    return min(milliseconds / 1_000 + 1, 3_600)
  }
}
