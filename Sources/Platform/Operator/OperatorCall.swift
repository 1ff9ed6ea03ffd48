public import Foundation
import Logging

/// A request on its way through the control socket. Decision 8.
public struct OperatorCall: Codable, Sendable {
  /// To be raised with every change of a request or an outcome: who does not know a field must not ignore it.
  static let currentVersion = 2

  let version: Int
  let verb: String
  let body: Data

  public init(_ request: some OperatorRequest) throws {
    self.init(verb: type(of: request).verb, body: try JSONEncoder().encode(request))
  }

  init(version: Int = currentVersion, verb: String, body: Data) {
    self.version = version
    self.verb = verb
    self.body = body
  }
}

/// What the server answers to an ``OperatorCall``.
public enum OperatorAnswer: Codable, Sendable {
  case done(Data)
  case refused(OperatorRefusal)

  /// The outcome of the request that was answered. Throws ``OperatorRefusal``.
  public func outcome<Outcome: OperatorOutcome>(as type: Outcome.Type) throws -> Outcome {
    switch self {
    case .refused(let refusal): throw refusal
    case .done(let body):
      guard let outcome = try? JSONDecoder().decode(type, from: body) else { throw OperatorRefusal.otherVersion }
      return outcome
    }
  }
}

extension OperatorDesk {
  /// Everything that can be asked for through the control socket.
  static let requests: [any OperatorRequest.Type] = [
    CreateCompany.self, GrantContract.self, SetSubscription.self, CreateUser.self, ResetPassword.self,
    ChangeMember.self, ProvisionResource.self, DeprovisionResource.self, CancelDeprovisioning.self,
    AddProviderAccount.self, SetProviderSecret.self, RemoveProviderAccount.self,
  ]

  /// Does what `call` asks for; a refusal is an answer too.
  public func answer(_ call: OperatorCall) async -> OperatorAnswer {
    guard call.version == OperatorCall.currentVersion,
      let type = Self.requests.first(where: { $0.verb == call.verb })
    else { return .refused(.otherVersion) }
    do {
      return .done(try await perform(type, call.body))
    } catch {
      let refusal = OperatorRefusal(error)
      // Logged once, here: whoever asked is told a sentence. The kind only, for errors may quote what was entered.
      if refusal.kind == .failed {
        context.logger.error(
          "A command could not be carried out.",
          metadata: ["verb": "\(call.verb)", "problem": "\(Swift.type(of: error))"])
      }
      return .refused(refusal)
    }
  }

  private func perform<Request: OperatorRequest>(_ type: Request.Type, _ body: Data) async throws -> Data {
    guard let request = try? JSONDecoder().decode(type, from: body) else { throw OperatorRefusal.otherVersion }
    return try JSONEncoder().encode(try await perform(request))
  }
}
