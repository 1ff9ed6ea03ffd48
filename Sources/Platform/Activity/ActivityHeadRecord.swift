import Core
import Logging
import Synchronization

/// Writes the signed head of every company's activity into the server's log, once a day (UTC): the log is where somebody
/// who can change the database cannot take it back. Rule G-20.
final class ActivityHeadRecord: Sendable {
  private let context: PlatformContext
  /// The number of the last day that is in the log; nil before this process wrote any.
  private let lastDay = Mutex<Int?>(nil)

  init(_ context: PlatformContext) { self.context = context }

  /// Does so unless it was done today. What cannot be done now is done the next time.
  func writeIfDue() async {
    let today = CompanyZone.utc.day(of: context.clock.now()).number
    guard lastDay.withLock({ $0 }) != today else { return }
    let logger = context.logger
    do {
      try await ActivityAudit(database: context.database, masterKey: context.masterKey).heads { signed in
        logger.info(
          "This is the head of a company's activity: keep it for `packhouse audit verify --since-head`.",
          metadata: ["company": "\(signed.head.companyID)", "head": "\(signed.text)"])
      }
      lastDay.withLock { $0 = today }
    } catch {
      logger.warning("The heads of the activity could not be logged.", metadata: ["problem": "\(error)"])
    }
  }
}
