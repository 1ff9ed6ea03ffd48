/// How long a listener waits for what, in milliseconds, and how much it reads in vain. Rule L-1.
public struct ConnectionPatience: Hashable, Sendable {
  /// From the connection, or its first byte under TLS, to the end of the first request's head.
  public var head: Int64
  /// From the end of a head to the end of the body.
  public var body: Int64
  /// For a body to grow by a ``ConnectionWatch/leastGrowth`` of what has come of it, and by something at all.
  public var bodyGrowth: Int64
  /// The same from when the server is told to stop. Rule L-2.
  public var bodyAtStop: Int64
  /// Between two moments at which the client takes something of an answer.
  public var reader: Int64
  /// For a client that is behind, however steadily it reads, all in all: while its answer is being made, and once more
  /// from when the answer is whole.
  public var behind: Int64
  /// Between two looks at whether a client that is behind has taken something.
  public var look: Int64
  /// For what is written of an answer when the time that a stopping server gives its answers is over. Rule L-2.
  public var ending: Int64
  /// For the rest of a body that nobody wants, from when its answer is written: in all, and between two pieces.
  public var rest: Int64
  public var restPause: Int64
  /// Bytes of such a rest that are read, so that the client comes to read the answer.
  public var restBytes: Int
  /// A rest that is at most this long is read before the next request; with a longer one the connection ends.
  public var shortRest: Int

  public init(
    head: Int64 = 10_000, body: Int64 = 120_000, bodyGrowth: Int64 = 20_000,
    bodyAtStop: Int64 = 3_000, reader: Int64 = 60_000,
    behind: Int64 = 300_000, look: Int64 = 5_000, ending: Int64 = 3_000, rest: Int64 = 30_000, restPause: Int64 = 5_000,
    restBytes: Int = 64 << 20, shortRest: Int = 256 << 10
  ) {
    self.head = head
    self.body = body
    self.bodyGrowth = bodyGrowth
    self.bodyAtStop = bodyAtStop
    self.reader = reader
    self.behind = behind
    self.look = look
    self.ending = ending
    self.rest = rest
    self.restPause = restPause
    self.restBytes = restBytes
    self.shortRest = shortRest
  }
}
