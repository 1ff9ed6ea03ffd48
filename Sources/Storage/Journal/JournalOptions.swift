import Glibc

/// When a settlement counts as recorded. Rule M-1.
public enum JournalDurability: String, Hashable, Sendable, CaseIterable {
  /// It survives the death of the process at once and the loss of power after at most 20 ms.
  case grouped
  /// It survives the loss of power before the answer's last byte leaves.
  case strict
}

/// How a journal works. The defaults are right; tests choose others.
public struct JournalOptions: Sendable {
  public var durability: JournalDurability
  /// Milliseconds from the start of one fsync to the next.
  public var syncInterval: Int
  /// Bytes set aside for one segment on the disk; the next is begun at half of it, and the second half keeps room for
  /// the settlements of running calls should the disk fill up meanwhile.
  public var segmentBytes: Int
  /// Settled entries that may wait for the applier before admission is to stop.
  public var maximumPending: Int
  /// The system calls.
  var system: JournalSystem

  public init(
    durability: JournalDurability = .grouped, syncInterval: Int = 10, segmentBytes: Int = 16 << 20,
    maximumPending: Int = 50_000
  ) {
    self.durability = durability
    self.syncInterval = syncInterval
    self.segmentBytes = segmentBytes
    self.maximumPending = maximumPending
    system = .real
  }
}

/// The system calls that tests let fail. Each answers as the call does.
struct JournalSystem: Sendable {
  /// Writes at an offset.
  var write: @Sendable (Int32, UnsafeRawBufferPointer, Int) -> Int
  var sync: @Sendable (Int32) -> Int32
  /// Sets space aside from the file's beginning on; answers an error number.
  var allocate: @Sendable (Int32, Int) -> Int32

  static let real = JournalSystem(
    write: { descriptor, bytes, offset in Glibc.pwrite(descriptor, bytes.baseAddress, bytes.count, offset) },
    sync: { Glibc.fdatasync($0) },
    allocate: { Glibc.posix_fallocate($0, 0, $1) })
}
