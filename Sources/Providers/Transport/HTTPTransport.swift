import AsyncHTTPClient
public import Core
import NIOCore
import NIOHTTP1

/// Moves bytes to one provider account over HTTP; decides nothing. The pool of connections is shared by all accounts.
public struct HTTPTransport: UpstreamTransport {
  private let client: UpstreamClient
  private let endpoint: UpstreamEndpoint
  private let authorizer: any RequestAuthorizer
  public let timeouts: ProviderTimeouts

  public init(
    client: UpstreamClient, endpoint: UpstreamEndpoint, authorizer: any RequestAuthorizer,
    timeouts: ProviderTimeouts = .standard
  ) {
    self.client = client
    self.endpoint = endpoint
    self.authorizer = authorizer
    self.timeouts = timeouts
  }

  public func open(
    _ request: UpstreamRequest, requestID: RequestID
  ) async throws(UpstreamFailure) -> UpstreamAnswer {
    let path = endpoint.pathPrefix + request.path
    let body = request.body.reveal()
    var headers = request.headers
    headers.append(HTTPField("host", endpoint.authority))
    headers.append(contentsOf: authorizer.fields(method: request.method, path: path, headers: headers, body: body))
    // After signing: a proxy on the way may rewrite it, and providers show it in their own logs.
    headers.append(HTTPField("x-request-id", requestID.text))

    var outgoing = HTTPClientRequest(url: endpoint.origin + path)
    outgoing.method = HTTPMethod(rawValue: request.method)
    outgoing.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
    if !body.isEmpty { outgoing.body = Self.outgoing(body) }
    let begin = NIODeadline.now()
    let total = begin + .milliseconds(max(0, timeouts.total - request.elapsedMilliseconds))
    // The library's own limit for connecting ends what has not got a connection by then. Rule N-4.
    let head = begin + .milliseconds(timeouts.connect + timeouts.firstByte)
    do {
      let response = try await client.http(timeouts).execute(outgoing, deadline: min(head, total))
      return UpstreamAnswer(
        status: Int(response.status.code),
        headers: response.headers.map { HTTPField($0.name, $0.value) },
        body: AnswerBody(
          body: response.body, provider: endpoint.name, deadline: total, idle: .milliseconds(timeouts.idle),
          libraryWait: .milliseconds(UpstreamClient.readWait(timeouts))))
    } catch {
      throw UpstreamFailure(mapping: error, provider: endpoint.name)
    }
  }

  /// The library keeps bytes for as long as the answer streams, a stream's only until they are sent. Rule L-1.
  private static func outgoing(_ body: [UInt8]) -> HTTPClientRequest.Body {
    guard body.count > largeBytes else { return .bytes(ByteBuffer(bytes: body)) }
    let once = AsyncStream<ByteBuffer> { continuation in
      continuation.yield(ByteBuffer(bytes: body))
      continuation.finish()
    }
    return .stream(once, length: .known(Int64(body.count)))
  }

  /// Beyond it a body is worth forgetting.
  private static let largeBytes = 256 * 1_024
}
