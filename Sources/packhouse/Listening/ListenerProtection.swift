import Core
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// What the clients of one listener can take of it. Rule L-1.
struct ListenerProtection: Sendable {
  var limits: ConnectionLimits
  var patience = ConnectionPatience()
  var words = ListenerWords.plain
  /// Whether every client is told at once to send its body (`Expect: 100-continue`). Where false the routes do.
  var continuesAtOnce = true
  var speaksForMany: @Sendable (String) -> Bool = { _ in false }

  func gate(_ name: String, logger: Logger) -> ConnectionGate {
    ConnectionGate(name, limits: limits, speaksForMany: speaksForMany, logger: logger)
  }
}

extension HTTPServerBuilder {
  /// HTTP/1, with TLS where `tls` is given, behind `gate`.
  static func guarded(_ protection: ListenerProtection, gate: ConnectionGate, tls: TLSConfiguration?) -> Self {
    let watch = ConnectionWatch(protection.patience, continuesAtOnce: protection.continuesAtOnce)
    let configuration = HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        HeadAnswers(), ConnectionGuard(watch, gate: gate, words: protection.words),
      ],
      idleTimeout: .seconds(ListenerLimits.idleSeconds),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: ListenerLimits.headerBytes, maxHeaderListSize: ListenerLimits.headerBytes,
        maxHeaderFieldCount: ListenerLimits.headerFields))
    return HTTPServerBuilder { responder in
      let plain = HTTP1Channel(responder: responder, configuration: configuration)
      guard let tls else {
        return GuardedChannel(wrapped: plain, gate: gate, words: protection.words, isSecure: false)
      }
      return GuardedChannel(
        wrapped: try TLSChannel(plain, tlsConfiguration: tls), gate: gate, words: protection.words, isSecure: true)
    }
  }
}
