import Core
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization

@testable import Portal

/// What a person's browser does: keeps cookies, and sends back the proof that a form carries.
final class Browser: Sendable {
  struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var location: String? { headers[.location] }
  }

  private let client: any TestClientProtocol
  private let state = Mutex(State())

  private struct State {
    var cookies: [String: String] = [:]
    var csrf = ""
  }

  init(_ client: any TestClientProtocol) { self.client = client }

  var cookies: [String: String] { state.withLock { $0.cookies } }
  func setCookie(_ name: String, _ value: String) { state.withLock { $0.cookies[name] = value } }

  @discardableResult
  func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
    try await send(path, .get, headers, body: nil)
  }

  /// Sends a form with the proof of the last page; `csrf` in its place where given.
  @discardableResult
  func post(
    _ path: String, _ fields: [(String, String)] = [], csrf: String? = nil, headers: HTTPFields = [:]
  ) async throws -> Answer {
    let token = csrf ?? state.withLock { $0.csrf }
    let body = (fields + [("csrf", token)])
      .map { "\(PageAddress.encoded($0.0))=\(PageAddress.encoded($0.1))" }.joined(separator: "&")
    var headers = headers
    if headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
    return try await send(path, .post, headers, body: ByteBuffer(string: body))
  }

  func signIn(_ email: String, _ password: String) async throws {
    try await get("/sign-in")
    let answer = try await post("/sign-in", [("email", email), ("password", password)])
    guard answer.status == 303 else { throw Unexpected() }
    try await get("/docs")
  }

  private func send(
    _ path: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, body: ByteBuffer?
  ) async throws -> Answer {
    var headers = headers
    let cookies = state.withLock { $0.cookies }
    if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }
    let response = try await client.executeRequest(uri: path, method: method, headers: headers, body: body)
    let text = String(buffer: response.body)
    state.withLock { state in
      for cookie in response.headers[values: .setCookie] {
        let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        state.cookies[String(pair[0])] = cookie.contains("Max-Age=0") ? nil : String(pair[1])
      }
      if let token = text.firstMatch(of: #/name="csrf" value="([^"]+)"/#) { state.csrf = String(token.1) }
    }
    return Answer(status: response.status.code, headers: response.headers, text: text)
  }
}

/// The value of a hidden field of a page.
func hidden(_ name: String, in text: String) -> String? {
  guard let range = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
  return String(text[range.upperBound...].prefix { $0 != "\"" })
}

/// Bytes that come again in every run.
final class SeededBytes: Sendable {
  private let state: Mutex<UInt64>

  init(seed: UInt64) { state = Mutex(seed) }

  func next(_ count: Int) -> [UInt8] {
    state.withLock { state in
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
    }
  }
}
