import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("The metering journal on a bad day")
struct JournalFaultTests {
  /// A journal's file with three calls, of which the last is settled by the last record; and where records begin.
  private static func written() async throws -> (bytes: [UInt8], ends: [Int]) {
    try await TemporaryFolder.with { folder in
      let journal = try JournalSupport.open(folder).journal
      try journal.opened(Sample.call("a"))
      try journal.settled(Sample.entry("a"))
      try journal.opened(Sample.call("b"))
      try journal.settled(Sample.entry("b"))
      await journal.close()
      let bytes = [UInt8](try #require(FileManager.default.contents(atPath: try JournalSupport.segment(folder))))
      var ends = [try #require(bytes.withUnsafeBytes { JournalSegment.readHeader($0) }).end]
      while let next = bytes.withUnsafeBytes({ JournalFrame.read($0, at: ends[ends.count - 1], after: 0) }) {
        ends.append(next.end)
      }
      return (bytes, ends)
    }
  }

  private static func write(_ bytes: [UInt8], _ folder: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: JournalSegment(folder: folder, index: 1).path))
  }

  @Test("A file cut at any byte keeps every record that is whole, and nothing else (rule M-1)")
  func tornAtEveryByte() async throws {
    let (bytes, ends) = try await Self.written()
    #expect(ends.count == 5 && ends.last == bytes.count)
    try TemporaryFolder.with { folder in
      for length in ends[0]...bytes.count {
        for padding in [0, 40] {
          try Self.write(bytes[..<length] + [UInt8](repeating: 0, count: padding), folder)
          let contents = try JournalReader.read(folder: folder)
          // Zeros that follow may be the very bytes that were cut off.
          let lost = bytes[length...].prefix(padding).prefix { $0 == 0 }.count
          let whole = ends.filter { $0 <= length + lost }.count - 1
          #expect(contents.lastSequence == Int64(whole) && contents.damages == [], "cut at \(length)")
          #expect(contents.settled.count == whole / 2 && contents.openCalls.count == whole % 2, "cut at \(length)")
        }
      }
    }
  }

  @Test("A journal opened on a torn file goes on after it, and the torn end is gone for good")
  func reopenTorn() async throws {
    let (bytes, ends) = try await Self.written()
    try await TemporaryFolder.with { folder in
      try Self.write(Array(bytes[..<(ends[3] + 7)]), folder)
      let opened = try JournalSupport.open(folder)
      #expect(opened.openCalls.map(\.call.requestID.text) == ["b"] && opened.damages == [])
      try opened.journal.settled(Sample.entry("b"))
      try opened.journal.opened(Sample.call("c"))
      await opened.journal.close()
      let contents = try JournalReader.read(folder: folder)
      #expect(contents.damages == [] && JournalSupport.ids(contents.settled.map(\.entry)) == ["a", "b"])
      #expect(contents.openCalls.map(\.call.requestID.text) == ["c"])
    }
  }

  @Test("A flipped bit costs one record, is reported, and spares those that follow")
  func flippedBits() async throws {
    let (bytes, ends) = try await Self.written()
    try TemporaryFolder.with { folder in
      for position in ends[0]..<ends[3] {
        var flipped = bytes
        flipped[position] ^= 0x10
        try Self.write(flipped, folder)
        let contents = try JournalReader.read(folder: folder)
        #expect(contents.damages.count == 1, "flipped at \(position)")
        let hit = ends.filter { $0 <= position }.count
        let settled = [2, 4].filter { $0 != hit }.map { $0 == 2 ? "a" : "b" }
        #expect(JournalSupport.ids(contents.settled.map(\.entry)) == settled, "flipped at \(position)")
      }
      var header = bytes
      header[ends[0] - 1] ^= 1
      try Self.write(header, folder)
      #expect(try JournalReader.read(folder: folder).settled.isEmpty)
    }
  }

  @Test("A full disk refuses calls, leaves nothing torn, and heals by itself (decision 5)")
  func fullDisk() async throws {
    try await TemporaryFolder.with { folder in
      let disk = FaultyDisk()
      let journal = try JournalSupport.open(folder, disk.options()).journal
      try journal.opened(Sample.call("a"))
      for arrives in [-1, 1, 15, 16, 90] {
        disk.state.withLock { $0.nextWrite = arrives }
        #expect { try journal.opened(Sample.call("refused")) } throws: { ($0 as? JournalProblem)?.kind == .writeFailed }
        #expect(journal.problem?.kind == .writeFailed)
        #expect(throws: JournalProblem.self) { try journal.settled(Sample.entry("a")) }
        let contents = try JournalReader.read(folder: folder)
        #expect(contents.openCalls.map(\.call.requestID.text) == ["a"] && contents.damages == [])
      }
      disk.state.withLock { $0.nextWrite = nil }
      try journal.settled(Sample.entry("a"))
      try journal.opened(Sample.call("refused"))
      #expect(journal.problem == nil)
      await journal.close()
      let contents = try JournalReader.read(folder: folder)
      #expect(contents.damages == [] && contents.lastSequence == 3)
      #expect(contents.openCalls.map(\.call.requestID.text) == ["refused"])
    }
  }

  @Test("While no new segment fits on the disk, every admitted call can still be settled")
  func roomForSettlements() async throws {
    try await TemporaryFolder.with { folder in
      let disk = FaultyDisk()
      let journal = try JournalSupport.open(folder, disk.options(JournalSupport.small(segmentBytes: 256 << 10))).journal
      disk.state.withLock { $0.isFull = true }
      var admitted: [String] = []
      var refusal: JournalProblem?
      while refusal == nil {
        do {
          try journal.opened(Sample.call("call-\(admitted.count)"))
          admitted.append("call-\(admitted.count)")
        } catch { refusal = try #require(error as? JournalProblem) }
      }
      #expect(refusal?.kind == .noRoom && admitted.count > 100)
      for id in admitted { try journal.settled(Sample.entry(id)) }
      #expect(try JournalSegment.all(in: folder).count == 1)
      #expect(try JournalReader.read(folder: folder).settled.count == admitted.count)
      disk.state.withLock { $0.isFull = false }
      // The next tick finds room again.
      for attempt in 0..<200 {
        if (try? journal.opened(Sample.call("again-\(attempt)"))) != nil { break }
        try await Task.sleep(for: .milliseconds(5))
        #expect(attempt < 199)
      }
      await journal.close()
    }
  }

  @Test("A failed fsync is told once, fails those who wait, and nothing is written any more (decision 5)")
  func failedSync() async throws {
    try await TemporaryFolder.with { folder in
      let disk = FaultyDisk()
      let report = Reports()
      let journal = try JournalSupport.open(folder, disk.options(JournalSupport.small(.strict))) { report.add($0) }
        .journal
      try journal.opened(Sample.call("a"))
      try await journal.waitUntilDurable(1)
      disk.state.withLock { $0.failsSync = true }
      await #expect { try await journal.settledDurably(Sample.entry("a")) } throws: {
        ($0 as? JournalProblem)?.kind == .syncFailed
      }
      #expect { try journal.opened(Sample.call("b")) } throws: { ($0 as? JournalProblem)?.kind == .syncFailed }
      await journal.close()
      #expect(report.list.map(\.kind) == [.syncFailed])
    }
  }

  @Test("Strict mode answers after an fsync; many settlements share one (rules M-1, M-7)", .timeLimit(.minutes(5)))
  func strictDurability() async throws {
    try await TemporaryFolder.with { folder in
      let disk = FaultyDisk()
      let journal = try JournalSupport.open(folder, disk.options(JournalSupport.small(.strict))).journal
      let clock = ContinuousClock()
      let before = disk.state.withLock { $0.syncs }
      let start = clock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask {
            try journal.opened(Sample.call("\(number)"))
            try await journal.settledDurably(Sample.entry("\(number)"))
          }
        }
        try await group.waitForAll()
      }
      let elapsed = clock.now - start
      let syncs = disk.state.withLock { $0.syncs } - before
      #expect(syncs >= 1)
      #expect(syncs <= Int(elapsed / .milliseconds(10)) + 2, "\(syncs) fsyncs in \(elapsed)")
      await journal.close()
    }
  }

  @Test(
    "A process that is killed while it writes loses no record that it had written (rule M-1)", .timeLimit(.minutes(5)))
  func snapshotsWhileWriting() async throws {
    try await TemporaryFolder.with { folder in
      let journal = try JournalSupport.open(folder + "/live").journal
      let counter = Reports()
      async let writing: Void = BlockingCall.run("test.writer") {
        for number in 0..<1_500 {
          try journal.opened(Sample.call("\(number)"))
          try journal.settled(Sample.entry("\(number)"))
          counter.count()
        }
      }
      for round in 0..<8 {
        // Files as a dead process would leave them: what was confirmed before the copy must be in it.
        let confirmed = counter.counted
        let copy = folder + "/copy\(round)"
        try JournalSupport.copy(folder + "/live", to: copy)
        let opened = try JournalSupport.open(copy)
        let found = opened.journal.takePending(max: 10_000)?.entries ?? []
        #expect(opened.damages == [])
        #expect(found.count >= confirmed && opened.openCalls.count <= 1)
        #expect(JournalSupport.ids(found) == (0..<found.count).map(String.init))
        await opened.journal.close()
        try FileManager.default.removeItem(atPath: copy)
      }
      try await writing
      #expect(counter.counted == 1_500)
      await journal.close()
    }
  }

  @Test("A segment of which nothing can be read is set aside, never deleted (rule M-1)")
  func setsAsideWhatCannotBeRead() async throws {
    try await TemporaryFolder.with { folder in
      let first = try JournalSupport.open(folder).journal
      try first.opened(Sample.call("a"))
      try first.settled(Sample.entry("a"))
      await first.close()
      await (try JournalSupport.open(folder).journal).close()
      let path = JournalSegment(folder: folder, index: 1).path
      try Data(repeating: 0xAB, count: 4_096).write(to: URL(fileURLWithPath: path))

      let opened = try JournalSupport.open(folder)
      #expect(opened.damages.contains { $0.contains("set aside") })
      opened.journal.applied(upTo: 1_000)
      await opened.journal.close()
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(FileManager.default.contents(atPath: path + ".damaged")?.count == 4_096)
    }
  }
}

/// What was told to a callback, or counted.
private final class Reports: Sendable {
  private let state = Mutex<(list: [JournalProblem], count: Int)>(([], 0))

  var list: [JournalProblem] { state.withLock { $0.list } }
  var counted: Int { state.withLock { $0.count } }

  func add(_ problem: JournalProblem) { state.withLock { $0.list.append(problem) } }
  func count() { state.withLock { $0.count += 1 } }
}
