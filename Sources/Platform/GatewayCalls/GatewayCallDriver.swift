public import Core
public import Logging

/// Runs calls of applications: carries out what ``GatewayCallMachine`` decides.
public struct GatewayCallDriver: Sendable {
  let policy: CallPolicy
  let admission: AdmissionDesk
  let clock: WallClock
  let logger: Logger
  /// Where answers end that no request waits for. To be run as a service beside the listener.
  public let drain: AnswerDrain
  /// Returns so many milliseconds later, or when the task is cancelled.
  let wait: @Sendable (Int64) async -> Void

  public init(
    policy: CallPolicy, admission: AdmissionDesk, clock: WallClock, logger: Logger, drain: AnswerDrain = AnswerDrain()
  ) {
    self.init(
      policy: policy, admission: admission, clock: clock, logger: logger, drain: drain,
      wait: { try? await Task.sleep(for: .milliseconds($0)) })
  }

  init(
    policy: CallPolicy, admission: AdmissionDesk, clock: WallClock, logger: Logger, drain: AnswerDrain = AnswerDrain(),
    wait: @escaping @Sendable (Int64) async -> Void
  ) {
    self.policy = policy
    self.admission = admission
    self.clock = clock
    self.logger = logger
    self.drain = drain
    self.wait = wait
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
    return .stream(head, GatewayStream(run, driver: self))
  }
}

/// The answer to a call, as far as it is known when its head is.
public enum GatewayAnswer: Sendable {
  case whole(WholeAnswer)
  case stream(AnswerHead, GatewayStream)
}
