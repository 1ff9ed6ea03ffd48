import Synchronization

/// The addresses under which people and applications reach this installation; keys and pages embed them. Decision 15.
///
/// May be replaced once the listeners know their ports.
public final class PublicAddresses: Sendable {
  private let addresses: Mutex<(portal: String, gateway: String)>

  /// Absolute URLs; slashes at their ends are taken off.
  public init(portal: String, gateway: String) {
    addresses = Mutex((Self.trimmed(portal), Self.trimmed(gateway)))
  }

  public var portal: String { addresses.withLock { $0.portal } }
  public var gateway: String { addresses.withLock { $0.gateway } }

  public func replace(portal: String, gateway: String) {
    addresses.withLock { $0 = (Self.trimmed(portal), Self.trimmed(gateway)) }
  }

  private static func trimmed(_ url: String) -> String {
    String(url.reversed().drop { $0 == "/" }.reversed())
  }
}
