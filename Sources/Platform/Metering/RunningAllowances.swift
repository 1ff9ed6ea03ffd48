public import Core

/// What running calls hold of an allowance, and how a capacity falls without one of them passing it. Rules A-3, U-7.
public struct RunningAllowances: Sendable {
  /// A capacity that is to fall at once.
  struct Decrease: Sendable {
    let resource: ResourceID
    let monthStart: Instant
    let allowance: Allowance
    /// When the change is recorded: who knows of it needs no reminding.
    let recordedAt: Instant
    /// What storage says the month has used.
    let settled: Consumption
  }

  /// What running calls of a resource have reserved in its current month.
  let running: @Sendable (ResourceID) -> Consumption
  /// True where the month's consumption fits; with `commit` nothing beyond it is admitted from then on.
  let lower: @Sendable (Decrease, ChangeMode) -> Bool
  /// Takes a decrease back that was not recorded after all.
  let restore: @Sendable (Decrease) -> Void

  /// Of a server that admits calls.
  public init(_ book: AllowanceBook, clock: WallClock) {
    running = { book.running(of: $0, at: clock.now()) }
    lower = { book.lower($0, mode: $1) }
    restore = { book.restore($0) }
  }

  /// Of a process that admits none, with what is said to be running.
  public init(running: @escaping @Sendable (ResourceID) -> Consumption = { _ in .zero }) {
    self.running = running
    lower = { decrease, _ in decrease.allowance.covers(decrease.settled + running(decrease.resource)) }
    restore = { _ in }
  }
}
