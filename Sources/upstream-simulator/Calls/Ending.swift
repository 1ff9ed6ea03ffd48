/// A way for an answer to end that its request does not bring about by itself.
enum Ending: String, CaseIterable, Sendable {
  /// The model refuses; where the dialect knows none, its filter for content.
  case refusal
  /// A guardrail around the model stepped in.
  case guardrail
  /// The model refuses in OpenAI's member for it; elsewhere like `refusal`.
  case declined
  /// The model's context is full.
  case context
  /// The model pauses a long turn, where the dialect knows that.
  case pause

  /// What is said instead of an answer; nil when the answer is said as far as it goes.
  var sentence: String? {
    switch self {
    case .refusal, .declined: "I cannot help with that."
    case .guardrail: "The guardrail stopped this answer."
    case .context, .pause: nil
    }
  }
}
