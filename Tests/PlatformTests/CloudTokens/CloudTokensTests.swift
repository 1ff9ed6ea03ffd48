import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The Cloud Tokens page (T-4)")
struct CloudTokensTests {
  @Test("It shows available, consumed and total, the contract's end, and the allocation by resource (T-4)")
  func figures() async throws {
    try await withWorld { world in
      let small = try await world.provision(world.request("Small", tokens: 10))
      let large = try await world.provision(world.request("Large", tokens: 50))
      let page = try await world.services.cloudTokens.page(as: world.ada)
      #expect(page.balance == TokenBalance(total: 200, allocated: 60))
      #expect(page.balance.available == 140)
      #expect(page.contracts.map(\.endDay.description) == ["2027-03-15"])
      #expect(page.contracts.map(\.isInForce) == [true])
      #expect(page.allocation.map(\.resource.id) == [large, small])
      #expect(page.allocation.map(\.tokens) == [50, 10])
    }
  }

  @Test("Transactions carry all six columns, newest first; what is still to come is left out (T-4)")
  func transactions() async throws {
    try await withWorld { world in
      world.clock.advance(days: 1)
      try await world.provision(world.request("Small", tokens: 10))
      let rows = try await world.services.cloudTokens.page(as: world.ada).transactions.elements
      #expect(rows.map(\.date.description) == ["2026-03-16", "2026-03-15"])
      #expect(rows.map(\.app) == ["Small", nil])
      #expect(rows.map(\.transaction) == ["Allocated", "Granted"])
      #expect(rows[0].pack == "Text generation 1,000 GenAI Units")
      #expect(rows.map(\.tokens) == [-10, 200])
      #expect(rows.map(\.remaining) == [190, 200])
    }
  }

  @Test("They are sorted by any column, filtered by type, and paged (T-4)")
  func sorting() async throws {
    try await withWorld { world in
      for number in 0..<30 {
        world.clock.advance(hours: 1)
        try await world.provision(world.request("R\(number)", tokens: CloudTokens(Int64(1 + number % 7))))
      }
      let report = world.services.cloudTokens
      let first = try await report.page(as: world.ada).transactions
      #expect(first.totalElements == 31)
      #expect(first.totalPages == 2)
      #expect(first.elements.first?.app == "R29")
      let second = try await report.page(TransactionQuery(page: 1), as: world.ada).transactions
      #expect(second.elements.count == 6)
      #expect(second.elements.last?.transaction == "Granted")
      #expect(try await report.page(TransactionQuery(page: .max), as: world.ada).transactions.elements.isEmpty)

      let oldest = try await report.page(TransactionQuery(sort: .date, isAscending: true), as: world.ada).transactions
      #expect(oldest.elements.first?.transaction == "Granted")
      let allocated = try await report.page(TransactionQuery(kind: .allocated), as: world.ada).transactions
      #expect(allocated.totalElements == 30)
      let smallest = try await report.page(TransactionQuery(kind: .allocated, sort: .tokens), as: world.ada)
        .transactions.elements.map(\.tokens)
      #expect(smallest == smallest.sorted(by: >))
      for column in TransactionQuery.Column.allCases {
        let up = try await report.page(TransactionQuery(sort: column, isAscending: true), as: world.ada).transactions
        let down = try await report.page(TransactionQuery(sort: column), as: world.ada).transactions
        #expect(up.totalElements == down.totalElements)
        #expect(up.elements.first?.entry.id != down.elements.first?.entry.id, "\(column)")
      }
    }
  }

  @Test("Only company admins see it (P-6)")
  func rights() async throws {
    try await withWorld { world in
      let error = await platformError { _ = try await world.services.cloudTokens.page(as: world.bram) }
      guard case .forbidden = try #require(error) else { throw Unexpected() }
      let others = try await world.services.cloudTokens.page(as: world.stranger)
      #expect(others.balance.total == 500)
    }
  }
}
