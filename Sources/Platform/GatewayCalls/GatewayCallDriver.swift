public import Core
public import Logging

/// Runs calls of applications: carries out what ``GatewayCallMachine`` decides.
public struct GatewayCallDriver: Sendable {
  let policy: CallPolicy
  let admission: AdmissionDesk
  let clock: WallClock
  let logger: Logger

  public init(policy: CallPolicy, admission: AdmissionDesk, clock: WallClock, logger: Logger) {
    self.policy = policy
    self.admission = admission
    self.clock = clock
    self.logger = logger
  }

  /// Answers one call of an authenticated application. Returns when the head of the answer is known; the rest of a
  /// stream follows through ``GatewayStream``.
  public func answer(
    _ request: InboundRequest, from caller: GatewayCaller, codec: any InboundCodec, requestID: RequestID
  ) async -> GatewayAnswer {
    var run = GatewayCallRun(
      machine: GatewayCallMachine(requestID: requestID, codec: codec, policy: policy), driver: self, caller: caller)
    run.take(.accepted(request, CallTarget(resource: caller.resource, payer: caller.payer)))
    let head = await run.untilHead()
    if run.isOver { return .whole(WholeAnswer(status: head.status, headers: head.headers, body: run.takeBytes())) }
    return .stream(head, GatewayStream(run))
  }
}

/// The answer to a call, as far as it is known when its head is.
public enum GatewayAnswer: Sendable {
  case whole(WholeAnswer)
  case stream(AnswerHead, GatewayStream)
}
