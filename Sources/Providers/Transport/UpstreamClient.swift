import AsyncHTTPClient
public import NIOCore

/// The one pool of connections to providers. Rule N-4: limits on every wait.
public struct UpstreamClient: Sendable {
  /// Connections that one provider host may have at a time. The library's own 8 would be the bottleneck.
  static let connectionsPerHost = 256

  let http: HTTPClient
  /// From the first byte sent to the last byte received.
  let totalTimeout: TimeAmount

  /// - Parameters:
  ///   - connect: until the connection stands.
  ///   - idle: until the first byte, and between two pieces of an answer.
  ///   - total: for the whole exchange.
  public init(
    eventLoops: any EventLoopGroup, connect: TimeAmount = .seconds(5), idle: TimeAmount = .seconds(60),
    total: TimeAmount = .seconds(300)
  ) {
    var configuration = HTTPClient.Configuration()
    configuration.timeout = .init(connect: connect, read: idle)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.connectionsPerHost
    // Another attempt is routing's decision, not the pool's. Rule N-3.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Providers do not redirect; following one could lead to a host that nobody configured. Rule L-3.
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    http = HTTPClient(eventLoopGroupProvider: .shared(eventLoops), configuration: configuration)
    totalTimeout = total
  }

  /// Closes every connection. To be called once, after the last call has ended.
  public func shutDown() async throws { try await http.shutdown() }
}
