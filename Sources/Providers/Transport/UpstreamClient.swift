import AsyncHTTPClient
import Core
public import NIOCore
import Synchronization

/// The connections to providers: a pool for all accounts with the same time-outs. Rule N-4: limits on every wait.
public final class UpstreamClient: Sendable {
  /// Different time-outs that have a pool of their own; whoever comes later shares the standard one.
  static let mostPools = 64

  /// What the library knows for a whole pool only.
  private struct Waits: Hashable {
    let connect: Int64
    let read: Int64

    init(_ timeouts: ProviderTimeouts) {
      connect = timeouts.connect
      read = UpstreamClient.readWait(timeouts)
    }
  }

  private struct State {
    var pools: [Waits: HTTPClient] = [:]
    var isShutDown = false
  }

  private let eventLoops: any EventLoopGroup
  private let calls: Int
  private let standard: HTTPClient
  private let state = Mutex(State())

  /// - Parameter calls: calls that run at a time, at most. One provider host may have as many connections: with fewer a
  ///   call would wait for the end of another, which for a stream can be minutes.
  public init(eventLoops: any EventLoopGroup, calls: Int = 256) {
    self.eventLoops = eventLoops
    self.calls = calls
    standard = Self.pool(Waits(.standard), eventLoops, calls)
  }

  /// Milliseconds for which the library waits for the head, and between two pieces.
  static func readWait(_ timeouts: ProviderTimeouts) -> Int64 { max(timeouts.firstByte, timeouts.idle) }

  /// The pool for an account with `timeouts`. It minds connecting and the longer of first byte and idle; the rest is the
  /// transport's.
  func http(_ timeouts: ProviderTimeouts) -> HTTPClient {
    let waits = Waits(timeouts)
    guard waits != Waits(.standard) else { return standard }
    return state.withLock { state in
      if let pool = state.pools[waits] { return pool }
      // A pool that is made now would never be shut down.
      guard !state.isShutDown, state.pools.count < Self.mostPools else { return standard }
      let pool = Self.pool(waits, eventLoops, calls)
      state.pools[waits] = pool
      return pool
    }
  }

  private static func pool(_ waits: Waits, _ eventLoops: any EventLoopGroup, _ calls: Int) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.timeout = .init(connect: .milliseconds(waits.connect), read: .milliseconds(waits.read))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = calls
    // Another attempt is routing's decision, not the pool's. Rule N-3.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Providers do not redirect; following one could lead to a host that nobody configured. Rule L-3.
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    return HTTPClient(eventLoopGroupProvider: .shared(eventLoops), configuration: configuration)
  }

  /// Closes every connection. To be called once, after the last call has ended.
  public func shutDown() async throws {
    let pools = state.withLock { state in
      state.isShutDown = true
      return Array(state.pools.values)
    }
    for pool in pools { try? await pool.shutdown() }
    try await standard.shutdown()
  }
}
