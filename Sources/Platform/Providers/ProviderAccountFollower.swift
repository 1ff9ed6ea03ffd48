import Core
public import Logging
public import ServiceLifecycle
import Storage

/// Hands the stored provider accounts on whenever they change, so that a new secret counts within a second. Decision 7.
public struct ProviderAccountFollower: Service {
  /// How long a reading that failed is waited for before the next.
  static let pause = Duration.milliseconds(250)

  private let accounts: ProviderAccounts
  private let feed: ChangeFeed
  private let logger: Logger
  private let apply: @Sendable (OpenedProviderAccounts) -> Void
  /// One element, however many changes came meanwhile.
  private let changes: AsyncStream<Void>

  /// - Parameter apply: is given the accounts as of now, each time all of them.
  public init(
    _ accounts: ProviderAccounts, feed: ChangeFeed, logger: Logger,
    apply: @escaping @Sendable (OpenedProviderAccounts) -> Void
  ) {
    self.accounts = accounts
    self.feed = feed
    self.logger = logger
    self.apply = apply
    let (changes, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.changes = changes
    feed.listen { changes in
      if changes.contains(where: { $0.kind == .providerAccount }) { signal.yield() }
    }
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      // The feed never tells what changed before its first reading, which is now at the latest.
      await feed.poll()
      await read()
      for await _ in changes { await read() }
    }
  }

  /// Until it succeeds.
  private func read() async {
    var isFirst = true
    while !Task.isCancelled {
      do {
        return apply(try await accounts.all())
      } catch {
        if isFirst, !(error is CancellationError) {
          logger.warning(
            "Stored provider accounts can't be read: the secrets of before are used until they can.",
            metadata: ["problem": "\(error)"])
        }
        isFirst = false
        try? await Task.sleep(for: Self.pause)
      }
    }
  }
}
