public import Core
public import Logging
public import ServiceLifecycle
public import Storage
import Synchronization

/// Follows the table of changes, which every process writes to, so that caches drop what is no longer true. Decision 7.
public final class ChangeFeed: Service {
  /// How often the table is read.
  public static let interval = Duration.milliseconds(250)
  /// Milliseconds after which what caches hold is no longer trusted.
  public static let longestLag: Int64 = 1_000
  /// Changes read at once.
  static let pageSize = 1_000

  /// Told of every change, in order. Called from the feed's task: must be quick.
  public typealias Listener = @Sendable ([Change]) -> Void

  private let database: Database
  private let clock: WallClock
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    /// Nil until the feed has been read for the first time.
    var position: Int64?
    /// When the last successful reading began.
    var readAt: Instant?
    var isFailing = false
    var listeners: [Listener] = []
  }

  public init(database: Database, clock: WallClock, logger: Logger) {
    self.database = database
    self.clock = clock
    self.logger = logger
  }

  /// Adds a cache. Changes from before the feed's first reading are not told: a cache begins empty.
  public func listen(_ listener: @escaping Listener) {
    state.withLock { $0.listeners.append(listener) }
  }

  /// True while everything that was committed up to a second ago has been told.
  public func isFresh(at now: Instant) -> Bool {
    guard let readAt = state.withLock({ $0.readAt }) else { return false }
    // A clock that was set back says nothing about the feed's age.
    return abs(now.millisecondsSince(readAt)) <= Self.longestLag
  }

  /// Reads until the service is told to stop.
  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.poll()
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Reads what is new and tells it; after it returns, changes that were committed before the call have been told, unless
  /// the database did not answer. Call it after a change of one's own that is to be seen here at once.
  public func poll() async {
    do {
      while try await readPage() {}
      noteSuccess()
    } catch {
      noteFailure(error)
    }
  }

  /// True where there may be more.
  private func readPage() async throws -> Bool {
    let began = clock.now()
    guard let position = state.withLock({ $0.position }) else {
      let latest = try await database.read { try $0.latestChange() }
      state.withLock {
        $0.position = $0.position ?? latest
        $0.readAt = began
      }
      return false
    }
    let changes = try await database.read { try $0.changes(after: position, limit: Self.pageSize) }
    let isComplete = changes.count < Self.pageSize
    let listeners = state.withLock(\.listeners)
    if !changes.isEmpty { for listener in listeners { listener(changes) } }
    // Two readings at once may tell a change twice, which does no harm; none goes back.
    state.withLock {
      $0.position = max($0.position ?? 0, changes.last?.sequence ?? position)
      if isComplete { $0.readAt = began }
    }
    return !isComplete
  }

  private func noteSuccess() {
    let wasFailing = state.withLock { state in
      defer { state.isFailing = false }
      return state.isFailing
    }
    if wasFailing { logger.info("The change feed can be read again.") }
  }

  private func noteFailure(_ error: any Error) {
    let isFirst = state.withLock { state in
      defer { state.isFailing = true }
      return !state.isFailing
    }
    guard isFirst, !(error is CancellationError) else { return }
    logger.warning("The change feed cannot be read: cached keys are refused.", metadata: ["problem": "\(error)"])
  }
}
