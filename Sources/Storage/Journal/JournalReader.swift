public import Core
import Foundation
import Glibc

/// What a journal's files say.
public struct JournalContents: Sendable {
  /// A call that was admitted and has no settlement. Rule M-2.
  public struct OpenCall: Hashable, Sendable {
    public let call: AdmittedCall
    /// Characters of the answer that were recorded before the end. Rule M-3.
    public var outputCharacters: Int64
    /// The segment that holds its opening record.
    let segment: Int
  }

  /// A settled entry and its place in the journal.
  public struct SettledEntry: Hashable, Sendable {
    public let sequence: Int64
    public let entry: UsageEntry
    /// The segment that holds its opening record, where that is still there.
    let openedIn: Int?
    let segment: Int
  }

  /// Nil where there is no journal yet.
  public internal(set) var id: JournalID?
  /// In the order of settling, applied ones included as long as their segment is there.
  public internal(set) var settled: [SettledEntry] = []
  /// In the order of admission.
  public internal(set) var openCalls: [OpenCall] = []
  /// The highest sequence that was ever given.
  public internal(set) var lastSequence: Int64 = 0
  /// One sentence for each place where records were lost; a torn end of the newest segment is none.
  public internal(set) var damages: [String] = []
  /// Where the newest segment's good part ends, if something torn follows.
  var tornTail: (path: String, size: Int)?
  /// Segments of which nothing could be taken; they must not be deleted, for nobody knows what they hold.
  var strangers: [JournalSegment] = []
}

/// Reads a journal without changing it, also while a server writes to it.
///
/// Read the journal before the database: what is applied in between stands in both, and counts once by its request id.
public enum JournalReader {
  /// Throws ``JournalProblem`` where the folder cannot be read. A folder without segments is an empty journal.
  public static func read(folder: String) throws -> JournalContents {
    var reading = Reading()
    let segments = try JournalSegment.all(in: folder)
    for segment in segments {
      guard let data = FileManager.default.contents(atPath: segment.path) else {
        // A server may have deleted it since: then everything in it has been applied.
        guard FileManager.default.fileExists(atPath: segment.path) else { continue }
        throw JournalProblem(
          .unreadable,
          "The journal segment \(segment.path) is there but cannot be read; mend its permissions or its disk.")
      }
      data.withUnsafeBytes { reading.read($0, of: segment, isNewest: segment == segments.last) }
    }
    return reading.finished()
  }
}

/// Gathers records over all segments.
private struct Reading {
  private var contents = JournalContents()
  private var open: [RequestID: JournalContents.OpenCall] = [:]
  private var settled: Set<RequestID> = []

  mutating func read(_ bytes: UnsafeRawBufferPointer, of segment: JournalSegment, isNewest: Bool) {
    guard let header = JournalSegment.readHeader(bytes) else {
      if !isNewest {
        contents.damages.append("The journal segment \(segment.path) has no readable header and was set aside.")
        contents.strangers.append(segment)
      }
      return
    }
    if let id = contents.id, id != header.id {
      contents.damages.append("The journal segment \(segment.path) belongs to another journal and was set aside.")
      contents.strangers.append(segment)
      return
    }
    contents.id = header.id
    contents.lastSequence = max(contents.lastSequence, header.nextSequence - 1)
    var position = header.end
    while position < bytes.count {
      if let frame = JournalFrame.read(bytes, at: position, after: contents.lastSequence) {
        take(frame.record, sequence: frame.sequence, segment: segment)
        position = frame.end
      } else if isUnused(bytes, from: position) {
        return
      } else if let next = nextFrame(bytes, after: position) {
        contents.damages.append("The journal segment \(segment.path) is damaged at byte \(position).")
        position = next
      } else {
        if isNewest {
          contents.tornTail = (segment.path, position)
        } else {
          contents.damages.append("The journal segment \(segment.path) ends in a torn record at byte \(position).")
        }
        return
      }
    }
  }

  /// True where only zeros follow: space that was set aside and not written yet.
  private func isUnused(_ bytes: UnsafeRawBufferPointer, from position: Int) -> Bool {
    guard let rest = UnsafeRawBufferPointer(rebasing: bytes[position...]).baseAddress else { return true }
    return bytes[position] == 0 && memcmp(rest, rest + 1, bytes.count - position - 1) == 0
  }

  /// The next place after a damaged record where a whole one begins: one flipped bit costs one record, not the rest.
  private func nextFrame(_ bytes: UnsafeRawBufferPointer, after position: Int) -> Int? {
    (position + 1..<max(position + 1, bytes.count)).first {
      JournalFrame.read(bytes, at: $0, after: contents.lastSequence) != nil
    }
  }

  private mutating func take(_ record: JournalRecord?, sequence: Int64, segment: JournalSegment) {
    contents.lastSequence = sequence
    switch record {
    case nil:
      contents.damages.append("The journal segment \(segment.path) holds a record of an unknown kind.")
    case .opened(let call):
      guard !settled.contains(call.requestID) else { return }
      open[call.requestID] = .init(call: call, outputCharacters: 0, segment: segment.index)
    case .progress(let id, let characters):
      if let known = open[id]?.outputCharacters { open[id]?.outputCharacters = max(known, characters) }
    case .settled(let entry):
      let opened = open.removeValue(forKey: entry.call.requestID)
      guard settled.insert(entry.call.requestID).inserted else { return }
      contents.settled.append(
        .init(sequence: sequence, entry: entry, openedIn: opened?.segment, segment: segment.index))
    }
  }

  func finished() -> JournalContents {
    var contents = contents
    contents.openCalls = open.values.sorted {
      ($0.call.admittedAt, $0.call.requestID) < ($1.call.admittedAt, $1.call.requestID)
    }
    return contents
  }
}
