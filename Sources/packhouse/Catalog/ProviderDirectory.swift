import Core
import Logging
import Platform
import Synchronization

/// The provider accounts of a running server as of now. A change of the stored ones counts for the next attempt of any
/// call; one that is on its way ends with what it began with. Rule N-1.
final class ProviderDirectory: Sendable {
  private let make: @Sendable (OpenedProviderAccounts) throws -> ProviderWiring
  private let state: Mutex<State>
  private let logger: Logger

  private struct State {
    var stored: OpenedProviderAccounts
    var wiring: ProviderWiring
  }

  /// Throws what `make` throws for the accounts of the start.
  init(
    _ stored: OpenedProviderAccounts, logger: Logger,
    make: @escaping @Sendable (OpenedProviderAccounts) throws -> ProviderWiring
  ) throws {
    let wiring = try make(stored)
    state = Mutex(State(stored: stored, wiring: wiring))
    self.make = make
    self.logger = logger
    tell(wiring.complaints)
  }

  /// Accounts, their deployments and transports.
  var current: ProviderWiring { state.withLock(\.wiring) }

  /// Calls choose by `routing` among the accounts of the moment.
  func policy(_ catalog: Catalog, routing: any DeploymentRouting) -> CallPolicy {
    ProviderWiring.policy(catalog, routing: routing) { self.current }
  }

  /// Takes in all stored accounts as they are now. Called by one task only.
  func apply(_ stored: OpenedProviderAccounts) {
    guard state.withLock(\.stored) != stored else { return }
    do {
      let wiring = try make(stored)
      let before = state.withLock { state in
        defer { state = State(stored: stored, wiring: wiring) }
        return Set(state.wiring.complaints)
      }
      logger.notice("The provider accounts were changed.", metadata: ["stored": "\(stored.accounts.count)"])
      tell(wiring.complaints.filter { !before.contains($0) })
    } catch {
      logger.error(
        "The changed provider accounts can't be used: those of before go on.", metadata: ["problem": "\(error)"])
    }
  }

  private func tell(_ complaints: [String]) {
    for complaint in complaints { logger.warning("\(complaint)") }
  }
}
