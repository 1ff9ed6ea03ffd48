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
  private var readerDeadline = Self.never
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
  public var deadline: Int64 { min(bodyDeadline, lookAt, breakOff) }

  /// When the connection is given up.
  private var breakOff: Int64 { min(headDeadline, readerDeadline, endDeadline, restDeadline, pauseDeadline) }

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
      defer { awaitsContinue = false }
      return awaitsContinue ? [.sendContinue] : []
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
    case .flowing: (readerDeadline, lookAt) = (Self.never, Self.never)
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
    return expectsContinue && continuesAtOnce ? [.sendContinue] : []
  }

  private mutating func read(_ bytes: Int, at now: Int64) -> [Action] {
    awaitsContinue = false
    expected = expected.map { max(0, $0 - bytes) }
    guard awaitsRest else { return [] }
    restBytes += bytes
    pauseDeadline = now + patience.restPause
    return restBytes > patience.restBytes ? close() : []
  }

  private mutating func endOfBody() -> [Action] {
    isReading = false
    awaitsContinue = false
    (bodyDeadline, restDeadline, pauseDeadline) = (Self.never, Self.never, Self.never)
    return closesAfterAnswer && open == 0 ? close() : []
  }

  private mutating func endOfAnswer(at now: Int64) -> [Action] {
    open = max(0, open - 1)
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
    bodyDeadline = Self.never
    return [.endBody(ending)]
  }

  private mutating func awaitRest(at now: Int64) {
    bodyDeadline = Self.never
    restDeadline = now + (isStopping ? patience.bodyAtStop : patience.rest)
    pauseDeadline = now + patience.restPause
  }

  private mutating func stall(at now: Int64) -> [Action] {
    readerDeadline = now + patience.reader
    lookAt = now + patience.look
    takenBytes = nil
    return [.look]
  }

  /// A reader has all the time that it wants while it reads, however slowly. Rule L-1.
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
    guard bodyDeadline <= now else { return [] }
    return endBody(isStopping ? .stopping : .tooSlow(milliseconds: patience.body))
  }

  private mutating func close() -> [Action] {
    isOver = true
    (headDeadline, bodyDeadline, readerDeadline) = (Self.never, Self.never, Self.never)
    (lookAt, endDeadline, restDeadline, pauseDeadline) = (Self.never, Self.never, Self.never, Self.never)
    return [.close]
  }
}
