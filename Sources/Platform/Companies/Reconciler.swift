import Core
import Logging
public import ServiceLifecycle
import Storage

/// Makes visible what time has made true: enters it into ledgers and activities, and ends the keys of what was
/// deprovisioned. Takes no input, can run at any time and any number of times; what it missed while no server ran it does
/// at the next start. Rules T-3, A-6, A-7.
public struct Reconciler: Service {
  static let interval: Duration = .seconds(5)

  private let context: PlatformContext

  public init(_ context: PlatformContext) { self.context = context }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await reconcile()
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Every company once; one that can't be read now is done the next time.
  func reconcile() async {
    do {
      let context = context
      let now = context.clock.now()
      let due = try await context.read { transaction in
        try transaction.companies().map(\.id).filter { company in
          guard let standing = try context.companies.keptStanding(of: company, transaction) else { return false }
          let next = standing.timeline.nextEffect(after: try transaction.settledAt(of: company))
          return next.map { $0 <= now } ?? false
        }
      }
      for company in due { try await context.settle(company) }
    } catch {
      context.logger.warning("what became due could not be entered", metadata: ["problem": "\(error)"])
    }
  }
}
