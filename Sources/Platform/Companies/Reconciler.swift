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

  /// Every company once; one that can't be read or entered now is done the next time, and keeps no other one waiting.
  func reconcile() async {
    do {
      for company in try await context.read({ try $0.companies().map(\.id) }) {
        do {
          try await context.settleIfDue { _ in company }
        } catch {
          context.logger.warning(
            "what became due could not be entered", metadata: ["company": "\(company)", "problem": "\(error)"])
        }
      }
    } catch {
      context.logger.warning("the companies could not be read", metadata: ["problem": "\(error)"])
    }
  }
}
