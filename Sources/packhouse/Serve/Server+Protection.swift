import Core
import Gateway
import Portal

extension Server {
  /// Connections and calls as far as the system permits open files.
  private var shares: ConnectionShares { configuration.protection.shares(openFiles: OpenFiles.limit) }

  var gatewayProtection: ListenerProtection {
    let gateway = gateway
    var protection = protection(shares.gateway)
    protection.patience.body = GatewayLimits.bodyMilliseconds
    protection.words = ListenerWords { gateway.listenerAnswer(status: $0, $1, retryAfter: $2) }
    protection.continuesAtOnce = false
    return protection
  }

  var portalProtection: ListenerProtection {
    var protection = protection(shares.portal)
    protection.patience.body = Self.formMilliseconds
    return protection
  }

  var operationsProtection: ListenerProtection {
    var protection = protection(shares.operations)
    protection.patience.body = Self.formMilliseconds
    return protection
  }

  /// From the first to the last byte of a form.
  private static let formMilliseconds: Int64 = 30_000

  private func protection(_ share: Int) -> ListenerProtection {
    let proxies = PortalSettings(isSecure: false, trustedProxies: configuration.trustedProxies)
    return ListenerProtection(
      limits: configuration.protection.connectionLimits(share),
      speaksForMany: { proxies.isTrustedProxy($0) })
  }
}
