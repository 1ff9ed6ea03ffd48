/// A request to a provider. `path` is appended to the deployment's base address; credentials are added later, by the
/// transport of the provider.
public struct UpstreamRequest: Sendable, Equatable {
  public var method: String
  /// Begins with `/`; percent-encoded.
  public var path: String
  public var headers: [HTTPField]
  public var body: Sensitive<[UInt8]>
  /// Milliseconds of the call's total time-out that earlier attempts have used. Rule N-4.
  public var elapsedMilliseconds: Int64 = 0

  public init(method: String = "POST", path: String, headers: [HTTPField], body: Sensitive<[UInt8]>) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }
}
