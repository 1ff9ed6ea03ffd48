public import Core
public import Platform

/// All that the portal's routes need; made once, by the wiring.
public struct PortalServices: Sendable {
  public let platform: PlatformServices
  public let settings: PortalSettings
  let deployments: DeploymentReports
  private let currentlyServed: @Sendable () -> ServedModels?
  let assets: EmbeddedAssets
  let pages: Pages

  /// `servedModels` gives those that some provider of this server answers with at the moment; the others are marked where
  /// they are offered. `deployments` says how they answer; without it no page knows of any.
  public init(
    platform: PlatformServices, settings: PortalSettings,
    servedModels: @escaping @Sendable () -> ServedModels? = { nil }, deployments: DeploymentReports? = nil
  ) {
    self.platform = platform
    self.settings = settings
    currentlyServed = servedModels
    self.deployments =
      deployments
      ?? DeploymentReports(
        platform.context, routing: RoutingTable(random: platform.context.random), deployments: { _ in [] })
    assets = EmbeddedAssets()
    pages = Pages(platform: platform, settings: settings, assets: assets)
  }

  /// Nil where nobody said which models are served: then nothing is marked.
  var servedModels: ServedModels? { currentlyServed() }
}

/// How the portal is reached. Its public addresses come from `platform.context.addresses`.
public struct PortalSettings: Sendable {
  /// True where browsers reach the portal by HTTPS, from the program itself or from a proxy before it: cookies are then
  /// marked `Secure`.
  public let isSecure: Bool
  public let branding: Branding
  let proxies: TrustedProxies

  /// `trustedProxies` are addresses (`10.0.0.7`, `::1`) or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed.
  public init(isSecure: Bool, trustedProxies: [String] = [], branding: Branding = Branding()) {
    self.isSecure = isSecure
    self.branding = branding
    proxies = TrustedProxies(trustedProxies)
  }

  /// Those of the trusted proxies that are neither an address nor a network; nobody is trusted because of them.
  public var unreadableProxies: [String] { proxies.unreadable }

  /// True for the address of a proxy that speaks for many people.
  public func isTrustedProxy(_ address: String) -> Bool { proxies.contains(address) }
}
