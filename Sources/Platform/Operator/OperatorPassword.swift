import Core

/// The password that an account gets from the operator: the one that was given, or a readable one that is told once.
struct OperatorPassword: Sendable {
  let hash: String
  /// What is to be told; nil where the operator knows it already.
  let generated: String?

  init(_ given: OperatorSecret?, at desk: OperatorDesk) async throws {
    let fresh = given == nil ? ReadablePassword.make(desk.context.random) : nil
    let password = given?.content ?? Sensitive(fresh ?? "")
    hash = try await desk.passwords.hash(password)
    generated = fresh
  }
}
