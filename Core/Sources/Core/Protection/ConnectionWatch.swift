/// Watches over one HTTP/1 connection: that heads, bodies and readers come along, that what nobody reads ends, and that
/// what is broken is answered. Pure: it is told what happens and says what to do. Rules L-1, L-2.
///
/// Times are milliseconds of any clock that never goes back.
public struct ConnectionWatch: Sendable {
  public enum Event: Hashable, Sendable {
    case opened
    /// A request's head; `length` is that of its body, nil where it is sent in chunks.
    case head(length: Int?, expectsContinue: Bool)
    case body(bytes: Int)
    case bodyEnd
    /// Somebody is going to read the body.
    case bodyWanted
    /// An answer is whole, and its last byte waits for the client.
    case answerWhole
    /// The last byte of an answer was handed to the network.
    case answerEnd
    /// What arrived is not HTTP; nothing that follows can be read.
    case broken(Breakage)
    /// The server is to stop.
    case stopping
    /// The time that a stopping server gives its answers is over.
    case ending
    /// The client is behind with what was written of the answer, or has caught up.
    case stalled
    case flowing
    /// So many bytes of the connection have reached the client, all in all.
    case taken(bytes: Int64)
    /// Time has passed.
    case tick
  }

  public enum Breakage: Hashable, Sendable {
    case malformed
    case headTooLarge
  }

  public enum Action: Hashable, Sendable {
    /// Tell the client to send the body.
    case sendContinue
    /// Whoever reads the body is to be thrown this.
    case endBody(BodyEnding)
    /// Answer in place of a route, then close.
    case refuse(Breakage)
    /// Write nothing more, but read on until told to close: a client that still sends would not see the answer.
    case finishOutput
    /// Say what of the answer has reached the client (`taken`), where that can be known, and then what time it is.
    case look
    case close
  }

  /// No deadline.
  public static let never = Int64.max
  /// A body that has not grown by this part of itself holds memory rather than that it arrives. Who sends evenly always
  /// grows faster, because a body has an end of its own.
  public static let leastGrowth = 16

  private let patience: ConnectionPatience
  private let continuesAtOnce: Bool
  /// Requests whose head has come and whose answer is not complete.
  private var open = 0
  /// True while the body of the latest request is not whole.
  private var isReading = false
  /// Bytes of that body to come; nil where nobody knows.
  private var expected: Int?
  private var awaitsContinue = false
  /// Nothing more can be read.
  private var isBroken = false
  private var closesAfterAnswer = false
  private var refusal: Breakage?
  private var isStopping = false
  private var restBytes = 0
  private var isOver = false

  private var headDeadline = Self.never
  private var bodyDeadline = Self.never
  /// Bytes of the body that have come, and how many there must be by when.
  private var bodyBytes = 0
  private var dueBytes = 0
  private var growthDeadline = Self.never
  private var readerDeadline = Self.never
  /// Since when the client is behind; nil while it is not.
  private var behindSince: Int64?
  /// How long it was behind before that with the answer that is being made.
  private var behindBefore: Int64 = 0
  private var behindDeadline = Self.never
  private var lookAt = Self.never
  /// What the client had taken at the last look.
  private var takenBytes: Int64?
  private var endDeadline = Self.never
  private var restDeadline = Self.never
  private var pauseDeadline = Self.never

  /// - Parameter continuesAtOnce: tells every client at once to send its body; for listeners whose routes don't say that
  ///   they want it.
  public init(_ patience: ConnectionPatience, continuesAtOnce: Bool = false) {
    self.patience = patience
    self.continuesAtOnce = continuesAtOnce
  }

  /// True while a request is being served: such a connection is not closed for another.
  public var isServing: Bool { open > 0 }

  /// True where no further request of the connection is to be read.
  public var ignoresRequests: Bool { isOver || isBroken || closesAfterAnswer || refusal != nil }

  /// True while the connection is only open so that the client comes to read its answer.
  public var awaitsRest: Bool { restDeadline != Self.never }

  /// When `tick` is to be told at the latest; ``never`` where time changes nothing.
  public var deadline: Int64 { min(bodyDeadline, growthDeadline, lookAt, breakOff) }

  /// When the connection is given up.
  private var breakOff: Int64 {
    min(headDeadline, readerDeadline, behindDeadline, endDeadline, restDeadline, pauseDeadline)
  }

  /// Whether the connection ends after the answer whose head is being written: the rest of the body is too long to read,
  /// or cannot be.
  public mutating func closesAfter(answerAt now: Int64) -> Bool {
    let hasLongRest = open == 1 && isReading && (awaitsContinue || expected.map { $0 > patience.shortRest } ?? true)
    if hasLongRest || isBroken || isStopping { closesAfterAnswer = true }
    return closesAfterAnswer
  }

  public mutating func handle(_ event: Event, at now: Int64) -> [Action] {
    guard !isOver else { return [] }
    switch event {
    case .opened: headDeadline = now + patience.head
    case .head(let length, let expectsContinue): return begin(length, expectsContinue, at: now)
    case .body(let bytes): return read(bytes, at: now)
    case .bodyEnd: return endOfBody()
    case .bodyWanted:
      guard awaitsContinue else { return [] }
      awaitsContinue = false
      growthDeadline = now + patience.bodyGrowth
      return [.sendContinue]
    case .answerWhole: beginBehind(at: now)
    case .answerEnd: return endOfAnswer(at: now)
    case .broken(let breakage): return breaks(breakage, at: now)
    case .stopping:
      isStopping = true
      if isReading, !awaitsRest { bodyDeadline = min(bodyDeadline, now + patience.bodyAtStop) }
      if awaitsRest { restDeadline = min(restDeadline, now + patience.bodyAtStop) }
    case .ending:
      isStopping = true
      endDeadline = min(endDeadline, now + patience.ending)
    case .stalled: return stall(at: now)
    case .flowing: flow(at: now)
    case .taken(let bytes): take(bytes, at: now)
    case .tick: return passed(at: now)
    }
    return []
  }

  private mutating func begin(_ length: Int?, _ expectsContinue: Bool, at now: Int64) -> [Action] {
    open += 1
    headDeadline = Self.never
    isReading = true
    expected = length
    bodyDeadline = now + (isStopping ? patience.bodyAtStop : patience.body)
    awaitsContinue = expectsContinue && !continuesAtOnce
    (bodyBytes, dueBytes) = (0, 1)
    growthDeadline = awaitsContinue ? Self.never : now + patience.bodyGrowth
    return expectsContinue && continuesAtOnce ? [.sendContinue] : []
  }

  private mutating func read(_ bytes: Int, at now: Int64) -> [Action] {
    if awaitsContinue {
      awaitsContinue = false
      growthDeadline = now + patience.bodyGrowth
    }
    bodyBytes += bytes
    expected = expected.map { max(0, $0 - bytes) }
    guard awaitsRest else { return [] }
    restBytes += bytes
    pauseDeadline = now + patience.restPause
    return restBytes > patience.restBytes ? close() : []
  }

  private mutating func endOfBody() -> [Action] {
    isReading = false
    awaitsContinue = false
    (bodyDeadline, growthDeadline) = (Self.never, Self.never)
    (restDeadline, pauseDeadline) = (Self.never, Self.never)
    return closesAfterAnswer && open == 0 ? close() : []
  }

  private mutating func endOfAnswer(at now: Int64) -> [Action] {
    open = max(0, open - 1)
    beginBehind(at: now)
    guard open == 0 else { return [] }
    if let refusal { return refuse(refusal, at: now) }
    if isReading || isBroken {
      awaitRest(at: now)
      return closesAfterAnswer ? [.finishOutput] : []
    }
    return closesAfterAnswer ? close() : []
  }

  private mutating func breaks(_ breakage: Breakage, at now: Int64) -> [Action] {
    guard !isBroken, refusal == nil else { return [] }
    if isReading {
      guard open > 0 else { return close() }
      return endBody(.malformed)
    }
    guard open == 0 else {
      refusal = breakage
      return []
    }
    return refuse(breakage, at: now)
  }

  private mutating func refuse(_ breakage: Breakage, at now: Int64) -> [Action] {
    refusal = nil
    isBroken = true
    headDeadline = Self.never
    awaitRest(at: now)
    return [.refuse(breakage), .finishOutput]
  }

  private mutating func endBody(_ ending: BodyEnding) -> [Action] {
    isReading = false
    isBroken = true
    awaitsContinue = false
    (bodyDeadline, growthDeadline) = (Self.never, Self.never)
    return [.endBody(ending)]
  }

  private mutating func awaitRest(at now: Int64) {
    (bodyDeadline, growthDeadline) = (Self.never, Self.never)
    restDeadline = now + (isStopping ? patience.bodyAtStop : patience.rest)
    pauseDeadline = now + patience.restPause
  }

  private mutating func stall(at now: Int64) -> [Action] {
    readerDeadline = now + patience.reader
    lookAt = now + patience.look
    takenBytes = nil
    if behindSince == nil {
      behindSince = now
      behindDeadline = now + max(0, patience.behind - behindBefore)
    }
    return [.look]
  }

  private mutating func flow(at now: Int64) {
    (readerDeadline, lookAt, behindDeadline) = (Self.never, Self.never, Self.never)
    if let since = behindSince { behindBefore += now - since }
    behindSince = nil
  }

  /// What the client was behind so far counts no more: another part of an answer begins.
  private mutating func beginBehind(at now: Int64) {
    behindBefore = 0
    guard behindSince != nil else { return }
    behindSince = now
    behindDeadline = now + patience.behind
  }

  /// A reader that reads, however slowly, is not taken for one that has gone. But while it is behind the call holds its
  /// provider, its place and its reservation, so the time for that is limited as well. Rule L-1.
  private mutating func take(_ bytes: Int64, at now: Int64) {
    guard readerDeadline != Self.never else { return }
    if let takenBytes, bytes > takenBytes { readerDeadline = now + patience.reader }
    takenBytes = bytes
  }

  private mutating func passed(at now: Int64) -> [Action] {
    if lookAt <= now {
      // Before anything else: the reader may not be late at all. What is late is so at the next tick, too.
      lookAt = now + patience.look
      return [.look]
    }
    if breakOff <= now { return close() }
    if bodyDeadline <= now { return endBody(isStopping ? .stopping : .tooSlow(milliseconds: patience.body)) }
    return growthDeadline <= now ? grow(at: now) : []
  }

  /// A body that stands still, or all but still, only holds what has come of it.
  private mutating func grow(at now: Int64) -> [Action] {
    guard bodyBytes >= dueBytes else { return endBody(.stalled(milliseconds: patience.bodyGrowth)) }
    dueBytes = bodyBytes + max(1, bodyBytes / Self.leastGrowth)
    growthDeadline = now + patience.bodyGrowth
    return []
  }

  private mutating func close() -> [Action] {
    isOver = true
    (headDeadline, bodyDeadline, growthDeadline) = (Self.never, Self.never, Self.never)
    (readerDeadline, behindDeadline) = (Self.never, Self.never)
    (lookAt, endDeadline, restDeadline, pauseDeadline) = (Self.never, Self.never, Self.never, Self.never)
    return [.close]
  }
}
