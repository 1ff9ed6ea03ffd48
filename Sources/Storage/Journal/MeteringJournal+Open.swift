public import Core
import Foundation
import Glibc

/// A journal that has just been opened, with what it held.
public struct OpenedJournal: Sendable {
  public let journal: MeteringJournal
  /// Calls that the last process left open. Each is to be settled as interrupted through `journal`. Rule M-2.
  public let openCalls: [JournalContents.OpenCall]
  /// One sentence for each place where records were lost, for the log.
  public let damages: [String]
}

extension MeteringJournal {
  /// Opens the journal in `folder`, making both where they are missing.
  ///
  /// Settled entries that are still in the files wait in the queue for the applier. Before it starts, call
  /// ``applied(upTo:)`` with the database's watermark for this journal, which drops those that are in the tables.
  /// The caller holds the data folder's lock: a journal has one writer.
  ///
  /// - Parameters:
  ///   - random: gives the identity of a new journal.
  ///   - onFsyncFailure: called once, on the journal's thread, after a sync failed; it ends the process.
  /// - Throws: ``JournalProblem``.
  public static func open(
    folder: String, options: JournalOptions = JournalOptions(), random: RandomSource,
    onFsyncFailure: @escaping @Sendable (JournalProblem) -> Void
  ) throws -> OpenedJournal {
    try makeFolder(folder)
    let contents = try JournalReader.read(folder: folder)
    if let torn = contents.tornTail { _ = truncate(torn.path, torn.size) }
    for stranger in contents.strangers { _ = rename(stranger.path, stranger.path + ".damaged") }
    let old = try JournalSegment.all(in: folder)
    let id = contents.id ?? JournalID(random.bytes(16).map { hex($0) }.joined())
    let newest = JournalSegment(folder: folder, index: (old.last?.index ?? 0) + 1)
    let file = try JournalFile.create(newest, options: options)
    let header = JournalSegment.header(id: id, nextSequence: contents.lastSequence + 1)
    guard file.write(header, options: options), options.system.sync(file.descriptor) == 0 else {
      let reason = String(cString: strerror(errno))
      file.discard()
      throw JournalProblem(.unreadable, "The journal segment \(newest.path) cannot be written: \(reason).")
    }
    JournalFile.syncFolder(folder)
    var state = JournalState(
      segment: newest, descriptor: file.descriptor, size: header.count, reserved: file.reserved,
      nextSequence: contents.lastSequence + 1, segments: (old + [newest]).map { .init(segment: $0) })
    state.durable = contents.lastSequence
    state.restore(contents)
    let journal = MeteringJournal(
      id: id, folder: folder, options: options, state: state, onFsyncFailure: onFsyncFailure)
    journal.startSyncThread()
    return OpenedJournal(journal: journal, openCalls: contents.openCalls, damages: contents.damages)
  }

  private func startSyncThread() {
    ended.enter()
    let thread = Thread { [self] in runSyncThread() }
    thread.name = "journal-sync"
    thread.start()
  }

  private static func makeFolder(_ folder: String) throws {
    if mkdir(folder, 0o700) != 0, errno != EEXIST {
      throw JournalProblem(
        .unreadable, "The journal's folder \(folder) cannot be made: \(String(cString: strerror(errno))).")
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
  }
}

extension JournalState {
  /// Takes over what the files held: open calls, and settled entries for the applier.
  fileprivate mutating func restore(_ contents: JournalContents) {
    func position(_ index: Int) -> Int? { segments.firstIndex { $0.segment.index == index } }
    for open in contents.openCalls {
      openCalls[open.call.requestID] = open.segment
      if let position = position(open.segment) { segments[position].openCalls += 1 }
    }
    for settled in contents.settled {
      pending.append(.init(sequence: settled.sequence, entry: settled.entry, openedIn: settled.openedIn))
      if let position = position(settled.segment) { segments[position].lastSettled = settled.sequence }
      if let position = settled.openedIn.flatMap(position) { segments[position].openCalls += 1 }
    }
  }
}
