import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The export of usage entries (M-6)")
struct UsageExportTests {
  @Test("The export gives every entry once, in the order of admission, page by page (M-6)")
  func export() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let other = try await world.provision()
      let begin = world.clock.now
      try await world.use(id, input: 1, calls: 1_500)
      world.clock.advance(seconds: 5)
      try await world.use(id, input: 2, calls: 501)
      try await world.use(other, input: 3)
      var pages: [Int] = []
      var ids: Set<RequestID> = []
      var admitted: [Instant] = []
      try await world.services.usageExport.pages(of: id) { entries in
        pages.append(entries.count)
        ids.formUnion(entries.map(\.call.requestID))
        admitted += entries.map(\.call.admittedAt)
      }
      #expect(pages == [1_000, 1_000, 1])
      #expect(ids.count == 2_001)
      #expect(admitted == admitted.sorted())
      var late = 0
      try await world.services.usageExport.pages(of: id, from: begin.adding(seconds: 1)) { late += $0.count }
      #expect(late == 501)
      var early = 0
      try await world.services.usageExport.pages(of: id, to: begin.adding(seconds: 1)) { early += $0.count }
      #expect(early == 1_500)
      let error = await platformError {
        try await world.services.usageExport.pages(of: ResourceID("nothing")) { _ in }
      }
      guard case .notFound = try #require(error) else { throw Unexpected() }
    }
  }

  @Test("Entries that only the journal has yet stand at their place, and those that both have stand once (decision 8)")
  func tail() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let other = try await world.provision()
      let begin = world.clock.now
      var entries: [UsageEntry] = []
      for second in 0..<2_105 {
        entries.append(
          try await world.entry(id, TokenUsage(input: 1), at: begin.adding(seconds: Int64(second))))
      }
      // Every seventh is in the journal alone, every third of the others in both.
      let inTables = entries.enumerated().filter { !$0.offset.isMultiple(of: 7) }.map(\.element)
      try await world.apply(inTables)
      let foreign = try await world.entry(other, TokenUsage(input: 1), at: begin)
      let tail = entries.enumerated()
        .filter { $0.offset.isMultiple(of: 7) || $0.offset.isMultiple(of: 3) }.map(\.element)
      var given: [RequestID] = []
      try await world.services.usageExport.pages(of: id, tail: tail.reversed() + [foreign]) {
        given += $0.map(\.call.requestID)
      }
      #expect(given == entries.map(\.call.requestID))
      var late: [RequestID] = []
      try await world.services.usageExport.pages(of: id, from: begin.adding(seconds: 2_000), tail: tail) {
        late += $0.map(\.call.requestID)
      }
      #expect(late == entries.dropFirst(2_000).map(\.call.requestID))
    }
  }
}
