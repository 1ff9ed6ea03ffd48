public import Core

/// Adds a provider's credentials to a request, just before it leaves.
public protocol RequestAuthorizer: Sendable {
  /// The fields to add. `headers` are those the request has, `host` among them; `path` is as sent.
  func fields(method: String, path: String, headers: [HTTPField], body: [UInt8]) -> [HTTPField]
}

/// No credentials, for servers that ask for none.
public struct NoAuthorization: RequestAuthorizer {
  public init() {}

  public func fields(method: String, path: String, headers: [HTTPField], body: [UInt8]) -> [HTTPField] { [] }
}

/// A key as a bearer token.
public struct BearerAuthorization: RequestAuthorizer {
  private let token: Sensitive<String>

  public init(token: String) { self.token = Sensitive(token) }

  public func fields(method: String, path: String, headers: [HTTPField], body: [UInt8]) -> [HTTPField] {
    [HTTPField("authorization", "Bearer \(token.reveal())")]
  }
}

/// AWS Signature Version 4 with the time of the given clock.
public struct SignatureV4Authorization: RequestAuthorizer {
  private let signature: Sensitive<SignatureV4>
  private let clock: WallClock

  public init(signature: SignatureV4, clock: WallClock) {
    self.signature = Sensitive(signature)
    self.clock = clock
  }

  public func fields(method: String, path: String, headers: [HTTPField], body: [UInt8]) -> [HTTPField] {
    signature.reveal().fields(method: method, path: path, headers: headers, body: body, at: clock.now())
  }
}
