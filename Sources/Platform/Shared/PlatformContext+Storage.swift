import Storage

extension PlatformContext {
  /// One consistent snapshot. What the database says about itself becomes ``PlatformError/unavailable(_:)``.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
    do { return try await database.read(body) } catch { throw Self.explained(error) }
  }

  /// Wholly or not at all; `body` may run more than once.
  func write<Value: Sendable>(
    locking lock: TransactionLock? = nil, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    do { return try await database.write(locking: lock, body) } catch { throw Self.explained(error) }
  }

  private static func explained(_ error: any Error) -> any Error {
    guard let problem = error as? DatabaseProblem else { return error }
    switch problem.kind {
    case .unreachable, .busy:
      return PlatformError.unavailable(
        "The database does not answer just now. Nothing was changed. Try again shortly.")
    case .outcomeUnknown:
      return PlatformError.unavailable(
        "The connection to the database broke while saving. Look whether the change is there before trying again.")
    case .full, .readOnly:
      return PlatformError.unavailable(
        "The database can save nothing just now. Nothing was changed. Tell the operator.")
    case .constraint, .corrupt, .schema, .invalidValue, .unexpected:
      return problem
    }
  }
}
