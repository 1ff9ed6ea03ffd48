/// What the connection must do for one request.
struct Reply {
  /// The call's number in the ledger; nil for what is no call of a model.
  var call: Int?
  /// Milliseconds to wait first.
  var latency = 0
  var delivery: Delivery

  enum Delivery {
    case whole(Answer, tokens: Int)
    /// Only the first bytes of the body, then the connection ends.
    case part(Answer, bytes: Int, tokens: Int)
    case stream(any AnswerStream, StreamSchedule)
    /// Nothing, for as long as the caller waits.
    case silence
    case close
  }
}

/// When a stream writes what.
struct StreamSchedule {
  enum Ending {
    case complete, cut, error, garbage
  }

  /// Tokens to write before the ending.
  var tokens: Int
  /// Milliseconds between two tokens.
  var interval: Int
  var ending: Ending
}
