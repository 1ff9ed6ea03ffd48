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
