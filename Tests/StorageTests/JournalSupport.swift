import Core
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// A journal in a temporary folder, and the ways in which a test lets its disk fail.
enum JournalSupport {
  static func open(
    _ folder: String, _ options: JournalOptions = small(),
    onFsyncFailure: @escaping @Sendable (JournalProblem) -> Void = { _ in }
  ) throws -> OpenedJournal {
    try MeteringJournal.open(
      folder: folder, options: options, random: .seeded(1), onFsyncFailure: onFsyncFailure)
  }

  /// Small files, so that a test has several.
  static func small(_ durability: JournalDurability = .grouped, segmentBytes: Int = 1 << 20) -> JournalOptions {
    JournalOptions(durability: durability, segmentBytes: segmentBytes)
  }

  /// Admits a call. Where segments are so small that calls can come faster than the journal's thread begins new ones, it
  /// tries again, as a caller does.
  static func opened(_ call: AdmittedCall, in journal: MeteringJournal) async throws {
    for attempt in 0... {
      do {
        return try journal.opened(call)
      } catch let problem as JournalProblem where problem.kind == .noRoom && attempt < 1_000 {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  /// A journal's folder as a death leaves it. Not by copying whole files: the journal's thread may be cutting the unused end off one of them, and Foundation then
  /// waits for the missing bytes for ever.
  static func copy(_ folder: String, to other: String) throws {
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
      try bytes.write(to: URL(fileURLWithPath: "\(other)/\(name)"))
    }
  }

  static func ids(_ entries: [UsageEntry]) -> [String] { entries.map(\.call.requestID.text) }

  /// The newest segment that holds records.
  static func segment(_ folder: String) throws -> String {
    try #require(
      JournalSegment.all(in: folder).map(\.path).last {
        (FileManager.default.contents(atPath: $0)?.count ?? 0) > 0
      })
  }
}

/// A disk whose failures a test switches on.
final class FaultyDisk: Sendable {
  struct State {
    /// How many bytes of the next write arrive; nil for all. Negative: none, with `ENOSPC`.
    var nextWrite: Int?
    var failsSync = false
    var isFull = false
    var syncs = 0
  }

  let state = Mutex(State())

  var system: JournalSystem {
    JournalSystem(
      write: { descriptor, bytes, offset in
        let limit = self.state.withLock { $0.nextWrite }
        guard let limit else { return JournalSystem.real.write(descriptor, bytes, offset) }
        guard limit > 0 else {
          errno = ENOSPC
          return -1
        }
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(limit))
        return JournalSystem.real.write(descriptor, part, offset)
      },
      sync: { descriptor in
        let fails = self.state.withLock { state in
          state.syncs += 1
          return state.failsSync
        }
        guard fails else { return JournalSystem.real.sync(descriptor) }
        errno = EIO
        return -1
      },
      allocate: { descriptor, size in
        self.state.withLock { $0.isFull } ? ENOSPC : JournalSystem.real.allocate(descriptor, size)
      })
  }

  func options(_ base: JournalOptions = JournalSupport.small()) -> JournalOptions {
    var options = base
    options.system = system
    return options
  }
}
