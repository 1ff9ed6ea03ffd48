import Core
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

/// What the gateway answered.
struct Reply: Sendable {
  let status: Int
  let fields: [Core.HTTPField]
  /// The pieces of the body, as they were written.
  let rawPieces: [[UInt8]]
  /// Why the connection was closed instead of the answer ended.
  let brokeOff: (any Error)?

  var pieces: [String] { rawPieces.map { String(decoding: $0, as: UTF8.self) } }
  var bytes: [UInt8] { rawPieces.flatMap { $0 } }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var requestID: Core.RequestID { Core.RequestID(field("x-request-id") ?? "") }

  func field(_ name: String) -> String? { fields.value(of: name) }

  /// The value at a path of names and numbers such as `choices.0.message`; nil where there is none.
  func json(_ path: String) -> Any? {
    var value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    for step in path.split(separator: ".") {
      if let index = Int(step) {
        let list = value as? [Any] ?? []
        value = list.indices.contains(index) ? list[index] : nil
      } else {
        value = (value as? [String: Any])?[String(step)]
      }
    }
    return value
  }

  /// The `data:` of every event of a stream.
  var events: [String] {
    text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
  }
}

/// How a key is presented. Rule K-1.
enum Credential: Sendable {
  case none
  case bearer(String)
  case field(String, String)

  var fields: [(String, String)] {
    switch self {
    case .none: []
    case .bearer(let key): [("authorization", "Bearer \(key)")]
    case .field(let name, let key): [(name, key)]
    }
  }
}

extension Installation {
  /// Sends a request through the router, as a connection would. Checks that the answer carries a request id (F-5).
  ///
  /// - Parameters:
  ///   - announces: whether the body's length is told before it.
  ///   - takes: how many pieces of the answer the client takes before it goes.
  func send(
    _ method: HTTPRequest.Method, _ path: String, as credential: Credential, headers: [(String, String)] = [],
    body: String = "", announces: Bool = true, takes: Int = .max
  ) async throws -> Reply {
    try await send(
      method, path, as: credential, headers: headers, pieces: [Array(body.utf8)],
      length: announces ? body.utf8.count : nil, takes: takes)
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, as credential: Credential, headers: [(String, String)] = [],
    pieces: [[UInt8]], length: Int?, takes: Int = .max
  ) async throws -> Reply {
    var fields = HTTPFields()
    for (name, value) in credential.fields + headers {
      fields.append(HTTPTypes.HTTPField(name: try #require(.init(name)), value: value))
    }
    if let length { fields[.contentLength] = String(length) }
    let request = Request(
      head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path, headerFields: fields),
      body: RequestBody(asyncSequence: BodyPieces(pieces: pieces)))
    let context = GatewayRequestContext(
      source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: Self.logger))
    let response = try await responder.respond(to: request, context: context)
    let recorder = Recorder(takes: takes)
    var brokeOff: (any Error)?
    do { try await response.body.write(recorder) } catch { brokeOff = error }
    let reply = Reply(
      status: response.status.code, fields: response.headers.map { Core.HTTPField($0.name.rawName, $0.value) },
      rawPieces: recorder.pieces, brokeOff: brokeOff)
    #expect(reply.fields.filter { $0.name.lowercased() == "x-request-id" }.count == 1, "\(method) \(path)")
    #expect(reply.requestID.text.hasPrefix("req_"), "\(method) \(path)")
    return reply
  }

  func post(_ path: String, as key: TestKey, _ body: String, headers: [(String, String)] = []) async throws -> Reply {
    try await send(.post, path, as: .bearer(key.plain), headers: headers, body: body)
  }

  func get(_ path: String, as key: TestKey) async throws -> Reply {
    try await send(.get, path, as: .bearer(key.plain))
  }
}

struct ClientLeft: Error {}

private struct BodyPieces: AsyncSequence, Sendable {
  typealias Element = ByteBuffer
  let pieces: [[UInt8]]

  struct AsyncIterator: AsyncIteratorProtocol {
    var rest: ArraySlice<[UInt8]>
    mutating func next() async throws -> ByteBuffer? { rest.popFirst().map { ByteBuffer(bytes: $0) } }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: pieces[...]) }
}

/// A client that keeps what it is given, until it goes.
private final class Recorder: ResponseBodyWriter, Sendable {
  private let taken = Mutex<[[UInt8]]>([])
  private let takes: Int

  init(takes: Int) { self.takes = takes }

  var pieces: [[UInt8]] { taken.withLock { $0 } }

  func write(_ buffer: ByteBuffer) async throws {
    try taken.withLock { taken in
      guard taken.count < takes else { throw ClientLeft() }
      taken.append(Array(buffer.readableBytesView))
    }
  }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
