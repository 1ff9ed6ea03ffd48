import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("The metering journal")
struct JournalTests {
  @Test("CRC-32C gives the published checksums, in one piece and in parts")
  func crc() {
    func of(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32C.of($0) } }
    #expect(of(Array("123456789".utf8)) == 0xe306_9283)
    #expect(of([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(of([UInt8](repeating: 255, count: 32)) == 0x62a8_ab43)
    let bytes = (0..<77).map { UInt8($0) }
    for split in 0...bytes.count {
      let first = bytes[..<split].withUnsafeBytes { CRC32C.of($0) }
      #expect(bytes[split...].withUnsafeBytes { CRC32C.extended(first, with: $0) } == of(bytes))
    }
  }

  @Test("Every record survives being written and read")
  func records() throws {
    var random = SeededRandom.fresh()
    for number in 0..<200 {
      let entry = Sample.randomEntry("request-\(number)", using: &random)
      for record in [
        JournalRecord.opened(entry.call), .progress(entry.call.requestID, outputCharacters: .max), .settled(entry),
      ] {
        var frame = try #require(JournalFrame(record))
        frame.seal(sequence: 42)
        let back = frame.withUnsafeBytes { JournalFrame.read($0, at: 0, after: 41) }
        #expect(back?.record == record && back?.sequence == 42, "seed \(random.seed)")
      }
    }
  }

  @Test("A call is opened once and settled once (rule M-1)")
  func exactlyOnce() async throws {
    try await TemporaryFolder.with { folder in
      let journal = try JournalSupport.open(folder).journal
      func kind(_ body: () throws -> Void) -> JournalProblem.Kind? {
        do { try body() } catch { return (error as? JournalProblem)?.kind }
        return nil
      }
      #expect(kind { try journal.settled(Sample.entry("a")) } == .notOpen)
      #expect(kind { try journal.progress(RequestID("a"), outputCharacters: 1) } == .notOpen)
      #expect(kind { try journal.opened(Sample.call("a")) } == nil)
      #expect(kind { try journal.opened(Sample.call("a")) } == .alreadyOpen)
      #expect(kind { try journal.settled(Sample.entry("a")) } == nil)
      #expect(kind { try journal.settled(Sample.entry("a")) } == .notOpen)
      #expect(kind { try journal.opened(Sample.call(String(repeating: "x", count: 20_000))) } == .invalidRecord)
      let negative = Sample.entry(Sample.call("b"), usage: TokenUsage(input: -1))
      #expect(kind { try journal.settled(negative) } == .invalidRecord)
      #expect(journal.openCount == 0 && journal.pendingCount == 1)
      await journal.close()
      #expect(kind { try journal.opened(Sample.call("c")) } == .closed)
    }
  }

  @Test(
    "After a crash the open calls are found with their progress, and the settled ones wait for the applier (rules M-2, M-3)"
  )
  func recovery() async throws {
    try await TemporaryFolder.with { folder in
      let first = try JournalSupport.open(folder).journal
      for id in ["a", "b", "c"] { try first.opened(Sample.call(id)) }
      try first.progress(RequestID("b"), outputCharacters: 700)
      try first.progress(RequestID("b"), outputCharacters: 1_900)
      try first.settled(Sample.entry("a"))
      // Nothing is closed: what was written is in the files at once.
      let copy = folder + "-copy"
      try JournalSupport.copy(folder, to: copy)
      defer { try? FileManager.default.removeItem(atPath: copy) }
      await first.close()
      let second = try JournalSupport.open(copy)
      #expect(second.journal.id == first.id && second.damages == [])
      #expect(second.openCalls.map(\.call) == [Sample.call("b"), Sample.call("c")])
      #expect(second.openCalls.map(\.outputCharacters) == [1_900, 0])
      #expect(second.journal.takePending(max: 10)?.entries == [Sample.entry("a")])
      for open in second.openCalls {
        try second.journal.settled(Sample.entry(open.call, status: .interrupted, isEstimated: true))
      }
      let batch = try #require(second.journal.takePending(max: 10))
      #expect(JournalSupport.ids(batch.entries) == ["a", "b", "c"])
      second.journal.applied(upTo: batch.watermark)
      await second.journal.close()
      let third = try JournalSupport.open(copy)
      third.journal.applied(upTo: batch.watermark)
      #expect(third.openCalls.isEmpty && third.journal.takePending(max: 10) == nil)
      await third.journal.close()
    }
  }

  @Test("Pending entries stay until they are applied, and numbers never repeat, also for a database that knows more")
  func pending() async throws {
    try await TemporaryFolder.with { folder in
      let journal = try JournalSupport.open(folder).journal
      for number in 0..<10 {
        try journal.opened(Sample.call("\(number)"))
        try journal.settled(Sample.entry("\(number)"))
      }
      let batch = try #require(journal.takePending(max: 4))
      #expect(JournalSupport.ids(batch.entries) == ["0", "1", "2", "3"])
      #expect(journal.takePending(max: 4) == batch)
      journal.applied(upTo: batch.watermark)
      #expect(JournalSupport.ids(journal.takePending(max: 100)?.entries ?? []) == ["4", "5", "6", "7", "8", "9"])
      journal.applied(upTo: 1_000)
      #expect(journal.pendingCount == 0)
      try journal.opened(Sample.call("later"))
      #expect(try journal.settled(Sample.entry("later")) > 1_000)
      #expect(journal.pendingCount == 1)
      await journal.close()
    }
  }

  @Test("Too many settled entries waiting for the applier stop admission")
  func backlog() async throws {
    try await TemporaryFolder.with { folder in
      var options = JournalSupport.small()
      options.maximumPending = 3
      let journal = try JournalSupport.open(folder, options).journal
      for number in 0..<3 {
        #expect(!journal.isBacklogged)
        try journal.opened(Sample.call("\(number)"))
        try journal.settled(Sample.entry("\(number)"))
      }
      #expect(journal.isBacklogged)
      journal.applied(upTo: try #require(journal.takePending(max: 1)).watermark)
      #expect(!journal.isBacklogged)
      await journal.close()
    }
  }

  @Test("Segments go once everything in them is applied, but never before the settlement of a call that they opened")
  func segments() async throws {
    try await TemporaryFolder.with { folder in
      let journal = try JournalSupport.open(folder, JournalSupport.small(segmentBytes: 64 << 10)).journal
      func files() throws -> Int { try JournalSegment.all(in: folder).count }
      try journal.opened(Sample.call("long"))
      var number = 0
      while try files() < 4 {
        for _ in 0..<20 {
          try await JournalSupport.opened(Sample.call("\(number)"), in: journal)
          try journal.settled(Sample.entry("\(number)"))
          number += 1
        }
        try await journal.waitUntilDurable(1)
        try await Task.sleep(for: .milliseconds(12))
      }
      func applyAll() {
        while let batch = journal.takePending(max: 50) { journal.applied(upTo: batch.watermark) }
      }
      applyAll()
      #expect(try files() >= 4)
      let contents = try JournalReader.read(folder: folder)
      #expect(contents.openCalls.map(\.call) == [Sample.call("long")] && contents.damages == [])
      #expect(contents.settled.count == number)
      try journal.settled(Sample.entry("long"))
      #expect(try files() >= 4)
      applyAll()
      #expect(try files() == 1)
      await journal.close()
    }
  }

  @Test("A reader sees the tail while a server writes, and changes nothing")
  func reader() async throws {
    try await TemporaryFolder.with { folder in
      #expect(try JournalReader.read(folder: folder).id == nil)
      let journal = try JournalSupport.open(folder).journal
      try journal.opened(Sample.call("a"))
      try journal.opened(Sample.call("b"))
      try journal.settled(Sample.entry("b"))
      for _ in 0..<2 {
        let contents = try JournalReader.read(folder: folder)
        #expect(contents.id == journal.id)
        #expect(contents.settled.map(\.entry) == [Sample.entry("b")])
        #expect(contents.openCalls.map(\.call) == [Sample.call("a")])
      }
      await journal.close()
      #expect(throws: JournalProblem.self) { try JournalReader.read(folder: folder + "/missing") }
    }
  }
}
