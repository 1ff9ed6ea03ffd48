public import Core
public import Hummingbird
import NIOCore

/// What accompanies one request to the gateway: its id. Rule F-5.
public struct GatewayRequestContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  public var requestID: Core.RequestID
  private let connection: any Channel

  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    requestID = Core.RequestID("")
    connection = source.channel
  }

  /// Lets a client send its body that asked first whether it should. Rule F-3: who is refused sends none.
  func wantsBody(of request: Request) {
    guard request.headers[.expect] != nil else { return }
    connection.triggerUserOutboundEvent(BodyWanted(), promise: nil)
  }

  /// The largest body of a request. Rule L-1.
  public var maxUploadSize: Int { GatewayLimits.bodyBytes }
}

/// Named limits of the gateway's listener. Rule L-1.
public enum GatewayLimits {
  public static let bodyBytes = 32 * 1_024 * 1_024
  public static let bodyBytesInFlight = 256 * 1_024 * 1_024
  /// Whose bodies may hold how much of it: neither one key nor one resource can keep the others out, and what large
  /// bodies leave is for calls of the usual size.
  public static let bodies = BodyLimits(
    total: bodyBytesInFlight, perKey: bodyBytesInFlight / 4, perResource: bodyBytesInFlight * 3 / 8,
    small: 256 * 1_024, reserve: bodyBytesInFlight / 8)
  /// Memory set aside for a body before it arrives.
  static let bodyBytesAhead = 1_024 * 1_024
  /// From the first to the last byte of a body: a caller that trickles must not hold its room for long.
  public static let bodyMilliseconds: Int64 = 120_000
}
