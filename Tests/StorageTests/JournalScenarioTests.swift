import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("From the journal into the tables")
struct JournalScenarioTests {
  @Test(
    "However often the process dies, every admitted call ends as exactly one entry (rules M-1, M-2)",
    .timeLimit(.minutes(3)))
  func repeatedDeaths() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      try await TemporaryFolder.with { folder in
        var admitted: Set<String> = []
        var settled: Set<String> = []
        for life in 0..<12 {
          let before = folder + "/life\(life)"
          try FileManager.default.createDirectory(atPath: before, withIntermediateDirectories: true)
          let opened = try JournalSupport.open(before, JournalSupport.small(segmentBytes: 32 << 10))
          let journal = opened.journal
          #expect(opened.damages == [])
          journal.applied(upTo: try await test.database.read { try $0.appliedWatermark(of: journal.id) })
          #expect(
            Set(opened.openCalls.map(\.call.requestID.text)) == admitted.subtracting(settled), "seed \(random.seed)")
          for open in opened.openCalls {
            try journal.settled(Sample.entry(open.call, status: .interrupted, isEstimated: true))
            settled.insert(open.call.requestID.text)
          }
          for step in 0..<Int.random(in: 1..<60, using: &random) {
            let id = "\(life)-\(step)"
            try await JournalSupport.opened(Sample.call(id), in: journal)
            admitted.insert(id)
            if Int.random(in: 0..<10, using: &random) > 0 {
              try journal.settled(Sample.entry(id))
              settled.insert(id)
            }
            if Int.random(in: 0..<8, using: &random) == 0 { try await Self.apply(journal, test.database, &random) }
          }
          // The process dies here: its files go on as they are.
          try JournalSupport.copy(before, to: folder + "/life\(life + 1)")
          await journal.close()
        }
        let last = try JournalSupport.open(folder + "/life12").journal
        for call in admitted.subtracting(settled) { try last.settled(Sample.entry(call)) }
        while last.pendingCount > 0 { try await Self.apply(last, test.database, &random) }
        await last.close()
        let entries = try await test.database.read { try $0.usageEntries(of: Sample.resourceID, limit: 10_000) }
        #expect(entries.count == admitted.count, "seed \(random.seed)")
        #expect(Set(JournalSupport.ids(entries)) == admitted, "seed \(random.seed)")
        let calls = try await test.database.read {
          try $0.usageDays(of: Sample.resourceID, days: LocalDay(number: 0)...LocalDay(number: 99_999))
        }.map(\.calls).reduce(0, +)
        #expect(calls == Int64(admitted.count), "seed \(random.seed)")
      }
    }
  }

  /// One round of the applier; sometimes it dies between the commit and the confirmation.
  private static func apply(
    _ journal: MeteringJournal, _ database: Database, _ random: inout SeededRandom
  ) async throws {
    guard let batch = journal.takePending(max: Int.random(in: 1...40, using: &random)) else { return }
    try await database.write { try $0.apply(batch.entries, journal: journal.id, upTo: batch.watermark) }
    if Bool.random(using: &random) { journal.applied(upTo: batch.watermark) }
  }
}
