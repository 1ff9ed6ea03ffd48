/// How a caller proves to AWS who it is. Rule N-1.
public enum AWSCredentials: Sendable {
  /// A Bedrock API key, sent as a bearer token.
  case bearer(String)
  /// Signature Version 4.
  case accessKey(id: String, secret: String, sessionToken: String?)
}
