import Core

/// What a provider's answer with an error status means, and the sentence about it. The provider's own words, which may
/// quote the request, never stand in the sentence; only its error codes do. Where it refused the request they go beside it,
/// to the caller alone.
struct UpstreamStatus {
  private static let longestCode = 64
  /// Waits beyond an hour are not worth telling.
  private static let longestRetry = 3_600

  /// The kind by status alone.
  static func kind(_ status: Int) -> UpstreamFailure.Kind {
    switch status {
    case 429: .throttled
    case 408, 504: .timeout
    case 401, 402, 403, 404: .misconfigured
    case 400..<500: .rejected
    case 500...: .unavailable
    default: .garbled
    }
  }

  /// `words` are the provider's own: the sentence says what they are about, where they are among the usual ones.
  static func failure(
    _ kind: UpstreamFailure.Kind, status: Int, code: String?, words: String?, retryAfter: Int?
  ) -> UpstreamFailure {
    let detail = code.flatMap(shown).map { "\(status), \($0)" } ?? String(status)
    let sentence =
      switch kind {
      case .throttled: "The provider is limiting requests at the moment (\(detail))."
      case .unavailable: "The provider is not available at the moment (\(detail))."
      case .timeout: "The provider took too long to answer (\(detail))."
      case .misconfigured:
        "The provider refused this installation's account or model id (\(detail)); its operator can mend that."
      case .rejected: "The provider refused the request (\(detail))\(Hint(words).map { ": \($0.rawValue)" } ?? "")."
      case .connection, .garbled: "The provider's answer could not be understood (\(detail))."
      }
    // What else a provider says is about its account, and nothing to the caller.
    let passedOn = kind == .rejected ? ProviderWords.words(words) : nil
    return UpstreamFailure(kind, sentence, words: passedOn, retryAfter: retryAfter)
  }

  /// What a provider's words are about, where they are among the usual ones.
  enum Hint: String, CaseIterable {
    case inputTooLong = "the input is longer than the model takes"
    case maxTokens = "the number of output tokens asked for does not fit the model"
    case temperature = "the temperature or top-p does not fit the model"
    case roles = "the order of the messages' roles does not fit the model"
    case image = "an image does not fit the model"
    case document = "a document does not fit the model"
    case tools = "the tools or their schemas do not fit the model"

    private var marks: [String] {
      switch self {
      case .inputTooLong: ["too long", "context length", "context window", "too many input tokens"]
      case .maxTokens: ["max_tokens", "maxtokens", "maximum tokens", "max_completion_tokens", "budget_tokens"]
      case .temperature: ["temperature", "top_p", "topp"]
      case .roles: ["alternate", "roles must", "must start with a user"]
      case .image: ["image"]
      case .document: ["document", "pdf"]
      case .tools: ["tool", "schema"]
      }
    }

    /// The first that `text`, an error message of a provider, speaks of.
    init?(_ text: String?) {
      guard let text = text?.prefix(1_024).lowercased() else { return nil }
      guard let hint = Self.allCases.first(where: { $0.marks.contains { text.contains($0) } }) else { return nil }
      self = hint
    }
  }

  /// `retry-after` in whole seconds; dates are not read.
  static func retryAfter(_ headers: [HTTPField]) -> Int? {
    if let milliseconds = headers.value(of: "retry-after-ms").flatMap(Int.init), milliseconds >= 0 {
      return min(milliseconds / 1_000 + 1, longestRetry)
    }
    guard let seconds = headers.value(of: "retry-after").flatMap({ Double($0) }), seconds >= 0, seconds.isFinite else {
      return nil
    }
    let whole = Int(min(seconds, Double(longestRetry)))
    return Double(whole) < seconds ? min(whole + 1, longestRetry) : whole
  }

  /// A code that is a plain identifier; anything else may be content.
  static func shown(_ code: String) -> String? {
    let isPlain = code.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    return isPlain && !code.isEmpty && code.utf8.count <= longestCode ? code : nil
  }
}
