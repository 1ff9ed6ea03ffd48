/// A header field; names are compared without case.
public struct HTTPField: Sendable, Hashable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [HTTPField] {
  /// The first value of the field `name`, compared without case.
  public func value(of name: String) -> String? {
    first { $0.name.count == name.count && $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// A whole request of an application, as the listener received it.
public struct InboundRequest: Sendable {
  public let method: String
  /// The path with percent-encoding and without query, prefix aliases removed.
  public let path: String
  /// Parameters of the route (already percent-decoded), such as `modelId`.
  public let parameters: [String: String]
  public let headers: [HTTPField]
  public let body: Sensitive<[UInt8]>

  public init(
    method: String, path: String, parameters: [String: String] = [:], headers: [HTTPField], body: Sensitive<[UInt8]>
  ) {
    self.method = method
    self.path = path
    self.parameters = parameters
    self.headers = headers
    self.body = body
  }
}

/// The head of an answer to an application.
public struct AnswerHead: Sendable, Equatable {
  public var status: Int
  public var headers: [HTTPField]

  public init(status: Int, headers: [HTTPField]) {
    self.status = status
    self.headers = headers
  }
}

/// A whole answer, head and body.
public struct WholeAnswer: Sendable, Equatable {
  public var head: AnswerHead
  public var body: [UInt8]

  public init(status: Int, headers: [HTTPField], body: [UInt8]) {
    head = AnswerHead(status: status, headers: headers)
    self.body = body
  }
}

/// A request to a provider. `path` is appended to the deployment's base address; credentials are added later, by the
/// transport of the provider.
public struct UpstreamRequest: Sendable, Equatable {
  public var method: String
  /// Begins with `/`; percent-encoded.
  public var path: String
  public var headers: [HTTPField]
  public var body: Sensitive<[UInt8]>

  public init(method: String = "POST", path: String, headers: [HTTPField], body: Sensitive<[UInt8]>) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}
