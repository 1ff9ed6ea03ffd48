/// Why the journal did not take or give a record. The message is one sentence for the operator.
public struct JournalProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The disk refused a write, most often because it is full. Nothing of the record stays; the next try may work.
    case writeFailed
    /// There is no room left for the settlement of one more call.
    case noRoom
    /// The disk failed to confirm what was written: nothing it says can be relied on any more.
    case syncFailed
    /// A settlement or progress for a call that was not opened, or has been settled. Rule M-1: exactly once.
    case notOpen
    /// The request id is open already.
    case alreadyOpen
    /// A record that the format cannot hold.
    case invalidRecord
    case closed
    /// The folder or a file in it cannot be read or made.
    case unreadable
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }
}
