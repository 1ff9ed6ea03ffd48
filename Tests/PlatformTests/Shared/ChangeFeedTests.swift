import Core
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("The change feed (decision 7)")
struct ChangeFeedTests {
  @Test("Listeners hear of every change once committed, in order, and of nothing from before")
  func tells() async throws {
    try await withWorld { world in
      let feed = ChangeFeed(database: world.database, clock: world.clock.wallClock, logger: world.context.logger)
      let heard = Mutex<[Change]>([])
      feed.listen { changes in heard.withLock { $0 += changes } }
      await feed.poll()
      #expect(heard.withLock { $0 }.isEmpty)
      let resource = try await world.provision()
      let key = try await world.createKey(resource)
      await feed.poll()
      let changes = heard.withLock { $0 }
      #expect(changes.contains { $0.kind == .resource && $0.id == resource.text })
      #expect(changes.contains { $0.kind == .key && $0.id == key.key.id.text })
      #expect(changes.map(\.sequence) == changes.map(\.sequence).sorted())
      await feed.poll()
      #expect(heard.withLock { $0 }.count == changes.count)
    }
  }

  @Test("More changes than one page are all told by one reading")
  func pages() async throws {
    try await withWorld { world in
      let feed = ChangeFeed(database: world.database, clock: world.clock.wallClock, logger: world.context.logger)
      let count = Mutex(0)
      feed.listen { changes in count.withLock { $0 += changes.count } }
      await feed.poll()
      try await world.database.write { transaction in
        for number in 0..<2_500 { transaction.recordChange(.key, "k\(number)") }
      }
      await feed.poll()
      #expect(count.withLock { $0 } == 2_500)
    }
  }

  @Test("It is fresh for a second after a reading, and not before the first")
  func freshness() async throws {
    try await withWorld { world in
      let feed = ChangeFeed(database: world.database, clock: world.clock.wallClock, logger: world.context.logger)
      #expect(!feed.isFresh(at: world.clock.now))
      await feed.poll()
      #expect(feed.isFresh(at: world.clock.now.adding(milliseconds: 1_000)))
      #expect(!feed.isFresh(at: world.clock.now.adding(milliseconds: 1_001)))
      await world.database.close()
      world.clock.advance(seconds: 2)
      await feed.poll()
      #expect(!feed.isFresh(at: world.clock.now))
    }
  }

  @Test("The service reads by itself until it is cancelled")
  func service() async throws {
    try await withWorld { world in
      let feed = ChangeFeed(database: world.database, clock: world.clock.wallClock, logger: world.context.logger)
      let told = AsyncStream<Change>.makeStream()
      feed.listen { changes in for change in changes { told.continuation.yield(change) } }
      let task = Task { try await feed.run() }
      while !feed.isFresh(at: world.clock.now) { await Task.yield() }
      let key = try await world.createKey(try await world.provision())
      let heard = await told.stream.first { $0.kind == .key }
      #expect(heard?.id == key.key.id.text)
      task.cancel()
      try await task.value
    }
  }
}
