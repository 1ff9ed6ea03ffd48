import ArgumentParser
import Foundation
import NIOHTTP1

/// Where the calls go.
struct Target {
  let host: String
  let port: Int
  private let path: String

  init(url: String) throws {
    guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host, let port = parts.port
    else { throw ValidationError("--url must be http://HOST:PORT/PATH.") }
    (self.host, self.port, path) = (host, port, parts.percentEncodedPath)
  }

  func request(key: String, body: Data) -> (head: HTTPRequestHead, body: [UInt8]) {
    let headers: HTTPHeaders = [
      "host": "\(host):\(port)", "authorization": "Bearer \(key)", "anthropic-version": "2023-06-01",
      "content-type": "application/json", "accept": "text/event-stream", "content-length": String(body.count),
    ]
    return (HTTPRequestHead(version: .http1_1, method: .POST, uri: path, headers: headers), Array(body))
  }
}

/// What every connection does.
struct Load: Sendable {
  let request: (head: HTTPRequestHead, body: [UInt8])
  let rounds: Int
  let events: Int
  let end: [UInt8]
}
