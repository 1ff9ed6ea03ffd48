/// Why a request's body ends before it is whole. Thrown to whoever reads it. Rules L-1, L-2, F-3.
public enum BodyEnding: Error, Hashable, Sendable {
  /// It is not framed as HTTP wants it, such as a chunk whose size is no number.
  case malformed
  /// It took longer than a body may.
  case tooSlow(milliseconds: Int64)
  /// For so long nothing of it came, or next to nothing.
  case stalled(milliseconds: Int64)
  /// The server stops.
  case stopping

  /// One sentence for the caller.
  public var sentence: String {
    switch self {
    case .malformed: "The request body is not framed as HTTP demands: look at its chunk sizes and its Content-Length."
    case .tooSlow(let milliseconds):
      "The request body took longer than \(milliseconds / 1_000) s to arrive. Send it faster or make it smaller."
    case .stalled(let milliseconds):
      "Hardly anything of the request body arrived for \(milliseconds / 1_000) s. Send it in one go."
    case .stopping: "The server is stopping and waits for no more of the request body. Send the request again."
    }
  }
}

/// Tells a connection that somebody is going to read the body of the request: who asked whether to send one
/// (`Expect: 100-continue`) is told to. Sent down the connection as a user's event.
public struct BodyWanted: Sendable {
  public init() {}
}
