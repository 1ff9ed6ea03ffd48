import Core
import Foundation
import Storage

/// The operator's use cases: they need no caller. Rule P-1.
///
/// Each takes an ``OperatorRequest``, runs in one transaction with its activity entry, and recognises a repeat by its
/// idempotency key.
public struct OperatorDesk: Sendable {
  let context: PlatformContext
  let passwords: PasswordHasher

  init(_ context: PlatformContext, passwords: PasswordHasher) {
    self.context = context
    self.passwords = passwords
  }

  /// Does what `request` asks for, wholly or not at all.
  ///
  /// Throws ``PlatformError``: `.invalid` with every problem that can be told at this point, each with its option's
  /// name; `.notFound`, `.conflict` and `.refused` where the present state forbids it.
  public func perform<Request: OperatorRequest>(_ request: Request) async throws -> Request.Outcome {
    let problems = request.problems
    guard problems.isEmpty else { throw PlatformError.invalid(InvalidInput(problems)) }
    return try await request.perform(at: self)
  }

  /// One change of a company's facts, as by ``PlatformContext/change``.
  func change<Request: OperatorRequest>(
    _ company: CompanyID, for request: Request, mode: ChangeMode = .commit,
    _ body: @escaping @Sendable (inout CompanyWork) throws -> Request.Outcome
  ) async throws -> Request.Outcome {
    let fingerprint = try RequestFingerprint(request)
    let done = try await context.change(
      company, as: .operator, scope: Self.scope(of: request), idempotencyKey: request.idempotencyKey, mode: mode
    ) { work in
      OperatorRecord(request: fingerprint, outcome: try body(&work))
    }
    return try done.outcome.outcome(of: fingerprint, wasRepeated: done.wasRepeated)
  }

  /// The same for what belongs to no company, or to none yet.
  func once<Request: OperatorRequest>(
    for request: Request, locking lock: TransactionLock,
    _ body: @escaping @Sendable (Transaction) throws -> Request.Outcome
  ) async throws -> Request.Outcome {
    let (context, scope, key) = (context, Self.scope(of: request), request.idempotencyKey)
    let fingerprint = try RequestFingerprint(request)
    return try await context.write(locking: lock) { transaction in
      if let earlier: OperatorRecord<Request.Outcome> = try context.claim(scope, key, transaction) {
        return try earlier.outcome(of: fingerprint, wasRepeated: true)
      }
      let outcome = try body(transaction)
      let result = try JSONEncoder().encode(OperatorRecord(request: fingerprint, outcome: outcome))
      try transaction.recordResult(String(decoding: result, as: UTF8.self), scope: scope, key: key)
      return outcome
    }
  }

  private static func scope<Request: OperatorRequest>(of request: Request) -> String { "operator.\(Request.verb)" }

  /// The company that the operator means by its id or name; what follows is done to the id.
  func company(_ reference: String) async throws -> Company {
    try await context.read { try $0.company(named: reference) }
  }
}
