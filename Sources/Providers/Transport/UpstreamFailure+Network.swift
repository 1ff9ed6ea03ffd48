import AsyncHTTPClient
import Core
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension UpstreamFailure {
  /// What an error of the HTTP library means. Nothing of the request or the answer is quoted.
  init(mapping error: any Error, provider: String) {
    if error is CancellationError {
      // Not the connection's fault: the provider may be at work already, so no other is asked and it is not free.
      self.init(.timeout, "The server stopped before the provider \(provider) had answered.")
      return
    }
    switch error as? HTTPClientError {
    case .connectTimeout?, .getConnectionFromPoolTimeout?:
      self.init(.connection, "The provider \(provider) could not be reached in time.")
    case .tlsHandshakeTimeout?:
      self.init(.connection, "The provider \(provider) did not finish a secure connection (TLS) in time.")
    case .readTimeout?, .deadlineExceeded?, .writeTimeout?:
      self.init(.timeout, "The provider \(provider) did not answer in time.")
    case .remoteConnectionClosed?, .requestStreamCancelled?:
      self.init(.connection, "The provider \(provider) closed the connection.")
    default:
      // A body that ends before its announced length reaches us as a parser's error.
      let isGarbled = (error as? HTTPParserError).map { $0 != .invalidEOFState } ?? false
      self.init(
        isGarbled ? .garbled : .connection,
        Self.unreached(error, provider) ?? "The connection to the provider \(provider) failed.")
    }
  }

  /// Why there is no connection, where that is known.
  private static func unreached(_ error: any Error, _ provider: String) -> String? {
    switch error {
    case let error as NIOConnectionError:
      if let single = error.connectionErrors.first { return unreached(single.error, provider) }
      guard error.dnsAError != nil || error.dnsAAAAError != nil else { return nil }
      return "The host name of the provider \(provider) can't be resolved (DNS)."
    case is SocketAddressError: return "The host name of the provider \(provider) can't be resolved (DNS)."
    case let error as IOError:
      switch error.errnoCode {
      case ECONNREFUSED: return "Nothing listens at the address of the provider \(provider)."
      case ENETUNREACH, EHOSTUNREACH: return "There is no way through the network to the provider \(provider)."
      default: return nil
      }
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      return
        "No secure connection (TLS) to the provider \(provider) can be made: its certificate is not accepted, or it "
        + "does not speak TLS."
    default: return nil
    }
  }
}
