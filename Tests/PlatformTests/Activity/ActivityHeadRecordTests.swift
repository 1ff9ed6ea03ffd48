import Core
import Logging
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("The heads of the activity in the server's log (rule G-20)")
struct ActivityHeadRecordTests {
  @Test("Every company's head is logged at the start and once each day after that")
  func daily() async throws {
    try await withWorld { world in
      let log = LogRecord()
      let record = ActivityHeadRecord(world.context(logger: log.logger))
      await record.writeIfDue()
      let own = try await world.audit.head(of: world.company.id)
      #expect(log.lines.count == 2 && log.lines.allSatisfy { $0.level == .info })
      #expect(log.lines.contains { $0.metadata == ["company": world.company.id.text, "head": own.text] })
      // 10:00, so 13 h later is still the same day and 14 h later the next one in UTC.
      for (hours, lines) in [(13, 2), (1, 4), (1, 4), (22, 4), (1, 6)] as [(Int64, Int)] {
        world.clock.advance(hours: hours)
        await record.writeIfDue()
        #expect(log.lines.count == lines)
      }
    }
  }

  @Test("A head from the log shows later that the log was cut off")
  func use() async throws {
    try await withWorld { world in
      try await world.note(lines: 3)
      let log = LogRecord()
      await ActivityHeadRecord(world.context(logger: log.logger)).writeIfDue()
      let line = try #require(log.lines.first { $0.metadata["company"] == world.company.id.text })
      let head = try SignedActivityHead(text: try #require(line.metadata["head"]))
      #expect(try await world.problems(since: [head]).isEmpty)
      try await world.tamper("DELETE FROM activity_entries WHERE sentence = 'Changed setting 2'")
      #expect(try await world.problems().isEmpty)
      #expect(try await world.problems(since: [head]).count == 1)
    }
  }

  @Test("What could not be logged is logged the next time")
  func failure() async throws {
    try await withWorld { world in
      let log = LogRecord()
      let record = ActivityHeadRecord(world.context(logger: log.logger))
      try await world.database.write { _ = try $0.execute("ALTER TABLE activity_entries RENAME TO hidden") }
      await record.writeIfDue()
      #expect(log.lines.map(\.level) == [.warning])
      try await world.database.write { _ = try $0.execute("ALTER TABLE hidden RENAME TO activity_entries") }
      await record.writeIfDue()
      #expect(log.lines.map(\.level) == [.warning, .info, .info])
    }
  }
}
