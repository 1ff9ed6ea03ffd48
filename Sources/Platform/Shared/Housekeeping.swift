import Core
import Logging
public import ServiceLifecycle
import Storage

/// What is to be done now and then: forgets what nobody asks for any more, so that no table of bookkeeping grows for
/// ever, and logs the heads of the activity each day (rule G-20).
public struct Housekeeping: Service {
  static let interval: Duration = .seconds(3_600)
  /// Milliseconds for which a repeated submit is recognised.
  static let claimLife: Int64 = 7 * 24 * 3_600_000
  /// Milliseconds for which failed sign-ins are kept; longer than the throttle looks back.
  static let failureLife: Int64 = 24 * 3_600_000
  /// Changes that stay, far more than a process can have missed.
  static let keptChanges: Int64 = 100_000

  private let context: PlatformContext
  private let activityHeads: ActivityHeadRecord

  public init(_ context: PlatformContext) {
    self.context = context
    activityHeads = ActivityHeadRecord(context)
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await tidyUp()
        await activityHeads.writeIfDue()
        try? await Task.sleep(for: Self.interval)
      }
    }
  }

  /// Once; what can't be done now is done the next time.
  func tidyUp() async {
    let now = context.clock.now()
    do {
      try await context.database.write { transaction in
        try transaction.deleteExpiredSessions(at: now)
        try transaction.pruneClaims(upTo: now.adding(milliseconds: -Self.claimLife))
        try transaction.pruneSignInFailures(upTo: now.adding(milliseconds: -Self.failureLife))
        try transaction.deleteInvitations(overBy: now.adding(milliseconds: -Invitation.afterlife))
        try transaction.pruneChanges(upTo: try transaction.latestChange() - Self.keptChanges)
      }
    } catch {
      context.logger.warning("old bookkeeping could not be removed", metadata: ["problem": "\(error)"])
    }
  }
}
