/// How the input of one call is to be counted: the same version and deployments that would answer it, and the same
/// checks, but nothing is reserved. Pure.
public struct CountPlan: Sendable {
  public let counted: CountedCall
  public let model: ModelVersion
  /// In the order in which they are asked; never empty.
  public let deployments: [Deployment]

  /// Throws where the call itself would be refused before admission. Rules D-3, K-2, N-2, F-3.
  public init(_ counted: CountedCall, target: CallTarget, policy: CallPolicy) throws(GatewayFailure) {
    let selection = try ModelSelection(call: counted.call, target: target, policy: policy)
    do throws(InvalidRequest) {
      try policy.checkLimits(Self.withoutBudget(counted.call), selection.model.limits)
    } catch {
      throw .invalid(error)
    }
    self.counted = counted
    model = selection.model
    deployments = selection.deployments
  }

  /// What is likely, where nobody can count.
  public var estimate: InputCount {
    InputCount(InputEstimate.of(counted.call, limits: model.limits), isEstimated: true)
  }

  /// A call that is only counted need not say how long its answer may be, so a budget for reasoning is measured against
  /// nothing.
  private static func withoutBudget(_ call: ModelCall) -> ModelCall {
    guard case .chat(var chat) = call, chat.inference.maxTokens == nil else { return call }
    chat.reasoning = nil
    return .chat(chat)
  }
}
