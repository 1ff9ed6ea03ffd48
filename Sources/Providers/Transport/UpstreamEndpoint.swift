public import Core

/// Where a provider account lives.
public struct UpstreamEndpoint: Sendable, Hashable {
  /// The account's name, for sentences.
  public let name: String
  /// Scheme, host and port: `https://bedrock-runtime.eu-central-1.amazonaws.com`.
  public let origin: String
  /// What precedes every path, without a trailing slash: `/v1` or nothing.
  public let pathPrefix: String
  /// Host and, where it is not the scheme's own, port.
  public let authority: String

  /// Reads an absolute `http` or `https` address. Throws a ``FieldProblem`` where it is none.
  public init(name: String, address: String) throws(FieldProblem) {
    let problem = FieldProblem(
      "endpoint", "The endpoint of \(name) must be an address such as https://models.example.com/v1.")
    guard let schemeEnd = address.firstRange(of: "://") else { throw problem }
    let scheme = address[..<schemeEnd.lowerBound]
    guard scheme == "http" || scheme == "https" else { throw problem }
    let rest = address[schemeEnd.upperBound...]
    guard !rest.contains("?"), !rest.contains("#"), !rest.contains("@"), !rest.contains(" ") else { throw problem }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = String(rest[..<slash])
    guard !authority.isEmpty else { throw problem }
    var prefix = String(rest[slash...])
    while prefix.hasSuffix("/") { prefix.removeLast() }
    self.name = name
    self.origin = "\(scheme)://\(authority)"
    self.pathPrefix = prefix
    let usual = scheme == "https" ? ":443" : ":80"
    self.authority = authority.hasSuffix(usual) ? String(authority.dropLast(usual.count)) : authority
  }
}
