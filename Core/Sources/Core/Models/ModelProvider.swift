/// Who answers at a deployment.
public enum ModelProvider: Sendable {
  case remote(any RemoteProvider)
  case local(any LocalProvider)
}

/// A provider that is asked over the network: a pure pair of request and decoder, and a transport that only moves
/// bytes. Rule N-1.
public protocol RemoteProvider: Sendable {
  /// The provider's wire language for a call of this kind. Throws where the provider has no such service.
  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec
  /// The provider's own service that counts the input of a call of this kind; nil where it has none.
  func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)?
  var transport: any UpstreamTransport { get }
}

extension RemoteProvider {
  public func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)? { nil }
}

/// A provider that runs inside this process.
public protocol LocalProvider: Sendable {
  /// The exact number of input tokens. Rule U-5.
  func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount
  /// The model's answer. The stream throws ``UpstreamFailure`` or ``InvalidRequest`` only.
  func events(for call: ModelCall, upstreamModel: String) -> AsyncThrowingStream<ModelEvent, any Error>
}
