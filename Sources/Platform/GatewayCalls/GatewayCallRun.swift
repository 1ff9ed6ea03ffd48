import Core
import Logging

/// One running call: the machine, the provider's answer as it arrives, and the bytes that wait for the client.
struct GatewayCallRun {
  private var machine: GatewayCallMachine
  private let driver: GatewayCallDriver
  private let caller: GatewayCaller
  private var source: Source = .none
  private var waiting: [GatewayCallAction] = []
  private var head: AnswerHead?
  /// Bytes that are to go to the client.
  private(set) var pending: [UInt8] = []
  private(set) var isOver = false
  /// Whether the room of the request's body has been given back.
  private var hasLeftRoom = false

  /// Where the provider's answer comes from.
  private enum Source {
    case none
    /// Asked for; nil where it is waited for as long as it takes.
    case asked(AwaitedHead, patience: Int64?)
    case remote(any AsyncIteratorProtocol<[UInt8], any Error>)
    case local(AsyncThrowingStream<ModelEvent, any Error>.Iterator)
  }

  init(machine: GatewayCallMachine, driver: GatewayCallDriver, caller: GatewayCaller) {
    self.machine = machine
    self.driver = driver
    self.caller = caller
  }

  /// Goes on with what followed from the request.
  mutating func begin(with actions: [GatewayCallAction]) {
    waiting = actions
    leaveRoom()
  }

  mutating func take(_ event: GatewayCallEvent) {
    waiting += machine.handle(event, at: driver.clock.now())
    leaveRoom()
  }

  /// Gives back what the request's body takes as soon as nobody can be sent it any more: an answer may take minutes, and
  /// its client may be gone. Rule L-1.
  private mutating func leaveRoom() {
    guard !hasLeftRoom, !machine.needsRequest else { return }
    hasLeftRoom = true
    machine.forgetRequest()
    caller.room?.leave()
  }

  mutating func takeBytes() -> [UInt8] {
    defer { pending = [] }
    return pending
  }

  /// The rest is read for its usage, for as long as the task is not cancelled. Rule M-3.
  mutating func clientGone() {
    pending = []
    take(.clientGone)
  }

  /// Ends a call whose client is gone with what is known of it by now, as when its time is over. Nothing is waited for:
  /// no byte leaves that the settlement would have to be on the disk for (rule M-1).
  mutating func endAtOnce() {
    take(.deadline)
    let actions = waiting
    waiting = []
    for action in actions {
      if case .settle(let entry) = action { driver.admission.settleAtOnce(entry) } else { performAtOnce(action) }
    }
  }

  /// Runs until the head is known; a whole answer is over by then, or its body follows at once.
  mutating func untilHead() async -> AnswerHead {
    while head == nil, !isOver { await step() }
    await performWaiting()
    return head ?? AnswerHead(status: 500, headers: [])
  }

  /// Carries out what waits, or takes the next piece of the provider's answer.
  mutating func step() async {
    guard waiting.isEmpty else { return await performWaiting() }
    if driver.stop.isOver || Task.isCancelled {
      take(driver.stop.isOver ? .stopping : .deadline)
      if waiting.isEmpty { isOver = true }
    } else {
      await receive()
    }
    await performWaiting()
  }

  private mutating func performWaiting() async {
    while !waiting.isEmpty {
      let actions = waiting
      waiting = []
      for action in actions { await perform(action) }
    }
  }

  private mutating func perform(_ action: GatewayCallAction) async {
    switch action {
    case .admit(let request):
      let requestID = machine.requestID
      let decision = await driver.admission.admit(
        request, for: caller, requestID: requestID, dialect: machine.dialect, waits: { take(.admissionWaits) })
      switch decision {
      case .success(let admitted): take(.admitted(admitted.call, admitted.reservation))
      case .failure(let failure): take(.refused(failure))
      }
    case .open(let opening): await open(opening)
    case .run(let call, let deployment): start(call, at: deployment)
    case .waitOn(let patience):
      if case .asked(let head, _) = source { source = .asked(head, patience: patience) }
    case .reserveAgain(let request):
      take(driver.admission.reserveAgain(request).map { .reserved($0) } ?? .notReserved)
    case .settle(let entry): await driver.admission.settle(entry)
    case .report, .expectEnd, .cancelUpstream, .head, .write, .progress, .finish: performAtOnce(action)
    }
  }

  /// What takes no time.
  private mutating func performAtOnce(_ action: GatewayCallAction) {
    switch action {
    case .admit, .open, .run, .waitOn, .reserveAgain, .settle: break
    case .report(let report): driver.policy.routing.take(report, at: driver.clock.now())
    case .expectEnd(let milliseconds): expectEnd(within: milliseconds)
    case .cancelUpstream: letGo()
    case .head(let head): self.head = head
    case .write(let bytes): pending += bytes
    case .progress(let characters): driver.admission.progress(machine.requestID, outputCharacters: characters)
    case .finish:
      letGo()
      isOver = true
      // Only now: a call whose client has gone still holds the provider's place.
      caller.place?.leave()
    }
  }

  private mutating func expectEnd(within milliseconds: Int64) {
    guard case .remote(let pieces) = source, var ending = pieces as? any EndingPieces<[UInt8], any Error> else {
      return
    }
    ending.expectEnd(within: milliseconds)
    source = .remote(ending)
  }

  /// Takes nothing more from the provider.
  private mutating func letGo() {
    if case .asked(let head, _) = source { head.cancel() }
    source = .none
  }

  private mutating func open(_ opening: UpstreamOpening) async {
    guard case .remote(let provider) = driver.policy.provider(opening.deployment) else {
      return take(.upstreamFailed(UpstreamFailure(.misconfigured, "The provider account is not available.")))
    }
    let (request, requestID) = (opening.request, machine.requestID)
    if let patience = opening.patience {
      let head = AwaitedHead { () async throws(UpstreamFailure) in
        try await provider.transport.open(request, requestID: requestID)
      }
      source = .asked(head, patience: patience)
      return
    }
    do throws(UpstreamFailure) {
      take(try await provider.transport.open(request, requestID: requestID))
    } catch {
      fail(error)
    }
  }

  /// The head is there.
  private mutating func take(_ answer: UpstreamAnswer) {
    source = .remote(answer.body.makeAsyncIterator())
    take(.upstreamHead(status: answer.status, headers: answer.headers))
  }

  /// A server that stops cuts its calls short: that is nobody's failure, and nobody else is asked. Rule L-2.
  private mutating func fail(_ failure: UpstreamFailure) {
    guard !driver.stop.isOver else { return take(.stopping) }
    take(failure.kind == .timeout && Task.isCancelled ? .deadline : .upstreamFailed(failure))
  }

  private mutating func waitForHead(_ head: AwaitedHead, patience: Int64?) async {
    let wait = driver.wait
    var ending: (@Sendable () async -> Void)?
    if let patience { ending = { await wait(patience) } }
    switch await head.outcome(patience: ending) {
    case .success(let answer)?: take(answer)
    case .failure(let failure)?:
      source = .none
      fail(failure)
    case nil: take(.waitedLong)
    }
  }

  private mutating func start(_ call: ModelCall, at deployment: Deployment) {
    guard case .local(let provider) = driver.policy.provider(deployment) else {
      return take(.upstreamFailed(UpstreamFailure(.misconfigured, "The provider is not available.")))
    }
    let events = provider.events(for: call, upstreamModel: deployment.upstreamModel)
    source = .local(events.makeAsyncIterator())
  }

  private mutating func receive() async {
    do {
      switch source {
      case .asked(let head, let patience): await waitForHead(head, patience: patience)
      case .remote(var pieces):
        let piece = try await pieces.next(isolation: #isolation)
        source = .remote(pieces)
        if let piece { take(.upstreamBytes(piece)) } else { take(.upstreamEnd) }
      case .local(var events):
        let event = try await events.next(isolation: #isolation)
        source = .local(events)
        // A stream that is cancelled ends as one that is complete does: what came by then is not the whole answer.
        if let event { take(.modelEvents([event])) } else { take(Task.isCancelled ? .deadline : .upstreamEnd) }
      case .none:
        // Nothing is open and nothing waits: the machine has nothing more to expect.
        take(.upstreamFailed(UpstreamFailure(.connection, "The provider's answer ended before it began.")))
        if waiting.isEmpty { isOver = true }
      }
    } catch let failure as UpstreamFailure {
      fail(failure)
    } catch let problem as InvalidRequest {
      take(.upstreamRefused(problem))
    } catch {
      fail(UpstreamFailure(.connection, "The connection to the provider failed."))
    }
  }
}
