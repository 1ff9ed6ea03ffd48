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
  /// Where the bodies of requests are read.
  public let reading = BodyReading()
  /// Whether the time of a stopping server is over. Rule L-2.
  let stop: StopNotice
  /// Returns so many milliseconds later, or when the task is cancelled.
  let wait: @Sendable (Int64) async -> Void

  public init(
    policy: CallPolicy, admission: AdmissionDesk, clock: WallClock, logger: Logger, drain: AnswerDrain = AnswerDrain(),
    stop: StopNotice = StopNotice()
  ) {
    self.init(
      policy: policy, admission: admission, clock: clock, logger: logger, drain: drain, stop: stop,
      wait: { try? await Task.sleep(for: .milliseconds($0)) })
  }

  init(
    policy: CallPolicy, admission: AdmissionDesk, clock: WallClock, logger: Logger, drain: AnswerDrain = AnswerDrain(),
    stop: StopNotice = StopNotice(), wait: @escaping @Sendable (Int64) async -> Void
  ) {
    self.policy = policy
    self.admission = admission
    self.clock = clock
    self.logger = logger
    self.drain = drain
    self.stop = stop
    self.wait = wait
  }

  /// Answers one call of an authenticated application. Returns when the head of the answer is known; the rest of a
  /// stream follows through ``GatewayStream``.
  public func answer(
    _ request: InboundRequest, from caller: GatewayCaller, codec: any InboundCodec, requestID: RequestID
  ) async -> GatewayAnswer {
    let machine = GatewayCallMachine(requestID: requestID, codec: codec, policy: policy)
    let begun: (machine: GatewayCallMachine, actions: [GatewayCallAction])
    do throws(GatewayFailure) {
      begun = try await begin(machine, request, CallTarget(resource: caller.resource, payer: caller.payer))
    } catch {
      return .whole(codec.encode(error, requestID: requestID))
    }
    var run = GatewayCallRun(machine: begun.machine, driver: self, caller: caller)
    run.begin(with: begun.actions)
    let head = await run.untilHead()
    if run.isOver { return .whole(WholeAnswer(status: head.status, headers: head.headers, body: run.takeBytes())) }
    return .stream(head, GatewayStream(run, driver: self))
  }

  /// Reads the request, which for a large one takes its time.
  private func begin(
    _ machine: GatewayCallMachine, _ request: InboundRequest, _ target: CallTarget
  ) async throws(GatewayFailure) -> (GatewayCallMachine, [GatewayCallAction]) {
    let clock = clock
    return try await reading.read(request.body) {
      var machine = machine
      let actions = machine.handle(.accepted(request, target), at: clock.now())
      return (machine, actions)
    }
  }
}

/// The answer to a call, as far as it is known when its head is.
public enum GatewayAnswer: Sendable {
  case whole(WholeAnswer)
  case stream(AnswerHead, GatewayStream)
}
