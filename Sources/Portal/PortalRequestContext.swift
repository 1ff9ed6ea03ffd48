public import Hummingbird
import Logging
import NIOCore
import Platform

/// What accompanies one request to the portal, whoever sent it.
public struct PortalRequestContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  /// The address of the other end of the connection, which may be a proxy.
  let peer: SocketAddress?
  let requestID: String
  /// Who sent it; nil where nobody is signed in.
  var signedIn: SignedIn?
  /// The fields of a sent form; empty for everything else.
  var form = FormFields()

  public init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    peer = source.channel.remoteAddress
    requestID = RequestID().description
    logger[metadataKey: "request"] = .string(requestID)
  }

  /// The largest body of a request. Rule L-1.
  public var maxUploadSize: Int { PortalLimits.formBytes }
}

/// Named limits of the portal's listener. Rule L-1.
public enum PortalLimits {
  /// Bytes of a sent form.
  public static let formBytes = 64 * 1_024
  /// Fields of a sent form, or of an address.
  public static let formFields = 500
  /// Rows of one page of a list.
  public static let rows = 50
  /// Characters of a search.
  public static let searchCharacters = 100
}

/// What pages need to know of a request, signed in or not.
protocol PortalContext: RequestContext {
  var requestID: String { get }
  var person: SignedIn? { get }
  var form: FormFields { get }
}

extension PortalRequestContext: PortalContext {
  var person: SignedIn? { signedIn }
}
