/// What happens to a call while it runs; the shell reports it with the instant at which it happened.
public enum GatewayCallEvent: Sendable {
  /// The whole request is there and its key has been accepted.
  case accepted(InboundRequest, CallTarget)
  case admitted(AdmittedCall, Reservation)
  case refused(GatewayFailure)
  case upstreamHead(status: Int, headers: [HTTPField])
  case upstreamBytes([UInt8])
  /// Events of a provider that runs inside this process.
  case modelEvents([ModelEvent])
  case upstreamEnd
  case upstreamFailed(UpstreamFailure)
  /// A local model refused the call: it cannot express what was asked.
  case upstreamRefused(InvalidRequest)
  /// The provider's head has been waited for as long as patience lasts, and is still waited for.
  case waitedLong
  /// What ``GatewayCallAction/reserveAgain(_:)`` asked for is held.
  case reserved(Reservation)
  /// It does not fit; what was held before still is.
  case notReserved
  case clientGone
  /// The call has to wait before it is decided whether it is admitted.
  case admissionWaits
  /// The time that a stopping server gives its calls is over. Rule L-2.
  case stopping
  /// The time for finishing is over: the call's own deadline, or that of draining after the client has gone.
  case deadline
}

/// The resource that an accepted key belongs to, as far as a call needs it.
public struct CallTarget: Sendable {
  public let resource: Resource
  public let payer: Payer

  public init(resource: Resource, payer: Payer) {
    self.resource = resource
    self.payer = payer
  }
}

extension GatewayCallEvent {
  /// Comes from a provider.
  var isOfUpstream: Bool {
    switch self {
    case .upstreamHead, .upstreamBytes, .modelEvents, .upstreamEnd, .upstreamFailed, .upstreamRefused, .waitedLong: true
    case .accepted, .admitted, .refused, .reserved, .notReserved, .clientGone, .admissionWaits, .stopping, .deadline:
      false
    }
  }
}
