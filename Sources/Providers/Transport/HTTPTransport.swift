import AsyncHTTPClient
public import Core
import NIOCore
import NIOHTTP1

/// Moves bytes to one provider account over HTTP; decides nothing. The pool of connections is shared by all accounts.
public struct HTTPTransport: UpstreamTransport {
  private let client: UpstreamClient
  private let endpoint: UpstreamEndpoint
  private let authorizer: any RequestAuthorizer

  public init(client: UpstreamClient, endpoint: UpstreamEndpoint, authorizer: any RequestAuthorizer) {
    self.client = client
    self.endpoint = endpoint
    self.authorizer = authorizer
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
    if !body.isEmpty { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
    let deadline = NIODeadline.now() + client.totalTimeout
    do {
      let response = try await client.http.execute(outgoing, deadline: deadline)
      return UpstreamAnswer(
        status: Int(response.status.code),
        headers: response.headers.map { HTTPField($0.name, $0.value) },
        body: AnswerBody(body: response.body, provider: endpoint.name, deadline: deadline))
    } catch {
      throw UpstreamFailure(mapping: error, provider: endpoint.name)
    }
  }
}

/// The body of an answer, with the library's errors turned into ours.
struct AnswerBody: AsyncSequence, Sendable {
  typealias Element = [UInt8]
  typealias Failure = any Error

  let body: HTTPClientResponse.Body
  let provider: String
  /// The library minds it only until the head has arrived, so it is looked at before every piece. Rule N-4.
  let deadline: NIODeadline

  struct AsyncIterator: AsyncIteratorProtocol {
    var pieces: HTTPClientResponse.Body.AsyncIterator
    let provider: String
    let deadline: NIODeadline

    mutating func next() async throws -> [UInt8]? {
      do {
        guard NIODeadline.now() < deadline else { throw HTTPClientError.deadlineExceeded }
        return try await pieces.next().map { Array($0.readableBytesView) }
      } catch {
        throw UpstreamFailure(mapping: error, provider: provider)
      }
    }
  }

  func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(pieces: body.makeAsyncIterator(), provider: provider, deadline: deadline)
  }
}

extension UpstreamFailure {
  /// What an error of the HTTP library means. Nothing of the request or the answer is quoted.
  init(mapping error: any Error, provider: String) {
    if error is CancellationError {
      // Not the connection's fault: the provider may be at work already, so no other is asked and it is not free.
      self.init(.timeout, "The server stopped before the provider \(provider) had answered.")
      return
    }
    switch error as? HTTPClientError {
    case .connectTimeout?:
      self.init(.connection, "The provider \(provider) could not be reached in time.")
    case .readTimeout?, .deadlineExceeded?, .writeTimeout?:
      self.init(.timeout, "The provider \(provider) did not answer in time.")
    case .remoteConnectionClosed?, .requestStreamCancelled?:
      self.init(.connection, "The provider \(provider) closed the connection.")
    default:
      // A body that ends before its announced length reaches us as a parser's error.
      let isGarbled = (error as? HTTPParserError).map { $0 != .invalidEOFState } ?? false
      self.init(isGarbled ? .garbled : .connection, "The connection to the provider \(provider) failed.")
    }
  }
}
