/// One JSON value as its own bytes (UTF-8): carried through unread, so that nothing is lost or reordered.
public struct RawJSON: Sendable, Equatable {
  public let bytes: Sensitive<[UInt8]>

  public init(_ bytes: [UInt8]) { self.bytes = Sensitive(bytes) }
}
