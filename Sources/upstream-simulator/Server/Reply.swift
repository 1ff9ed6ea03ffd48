/// What the connection must do for one request.
struct Reply {
  /// The call's number in the ledger; nil for what is no call of a model.
  var call: Int?
  /// Milliseconds to wait first.
  var latency = 0
  var delivery: Delivery

  enum Delivery {
    case whole(Answer, tokens: Int)
    /// Only the first bytes of the body; then the connection ends, or nothing more happens.
    case part(Answer, bytes: Int, tokens: Int, hangs: Bool)
    case stream(any AnswerStream, StreamSchedule)
    /// Byte for byte, with that many milliseconds between two.
    case drip(Source, interval: Int, tokens: Int)
    /// Nothing, for as long as the caller waits.
    case silence
    case close
  }

  /// What drips.
  enum Source {
    case answer(Answer)
    case stream(any AnswerStream)
  }
}

/// When a stream writes what.
struct StreamSchedule {
  enum Ending: Equatable {
    case complete, unclosed, cut, tear, stall, garbage
    case error(status: Int?)

    /// True when the body comes to its proper end, whatever it holds.
    var closesBody: Bool {
      switch self {
      case .complete, .garbage, .error: true
      case .unclosed, .cut, .tear, .stall: false
      }
    }

    /// True when everything of the answer is written.
    var isWhole: Bool { self == .complete || self == .unclosed }
  }

  /// Tokens to write before the ending.
  var tokens: Int
  /// Tokens that the whole answer has.
  var total: Int
  /// Milliseconds between two tokens.
  var interval: Int
  var ending: Ending
  /// False when not even the dialect's opening is written.
  var opens = true
}
