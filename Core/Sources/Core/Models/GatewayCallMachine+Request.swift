/// How long a call needs its request, which may be many megabytes. Rule L-1.
extension GatewayCallMachine {
  /// Whether the request may still be sent to somebody. False for good once an answer has begun, or its client has gone
  /// while it was awaited: from then on nobody else is asked. Rule N-3.
  public var needsRequest: Bool {
    switch phase {
    case .waitingForRequest, .waitingForAdmission: true
    case .calling(let exchange): exchange.needsRequest
    case .over: false
    }
  }

  /// Forgets what the request says, where it is not needed any more: what follows is the answer's.
  public mutating func forgetRequest() {
    guard case .calling(var exchange) = phase, !exchange.needsRequest else { return }
    exchange.preparation.original = nil
    exchange.preparation.call = exchange.preparation.call.withoutContent
    exchange.untried = []
    phase = .calling(exchange)
  }
}

extension GatewayCallMachine.Exchange {
  fileprivate var needsRequest: Bool {
    // A model of this process reads the call for as long as it works. Who has not answered may still be reading it.
    guard isTakenOn, rejection == nil, pending == nil else { return true }
    return !headSent && !clientGone && !meter.hasReceivedOutput
  }
}

extension ModelCall {
  /// What of the call metering and reports need.
  fileprivate var withoutContent: ModelCall {
    switch self {
    case .chat(var chat):
      chat.system = []
      chat.messages = []
      chat.tools = []
      return .chat(chat)
    case .embed(var embed):
      embed.inputs = []
      return .embed(embed)
    }
  }
}
