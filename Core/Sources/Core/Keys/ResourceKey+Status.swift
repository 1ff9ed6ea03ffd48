/// Whether a key opens anything, as the overview shows it. Rule G-13.
public enum KeyStatus: String, Hashable, Sendable, CaseIterable {
  case active
  case expired
  case revoked
}

extension ResourceKey {
  /// The key's state at `now`; a revoked key stays revoked after its expiry. Rule K-2.
  public func status(at now: Instant) -> KeyStatus {
    if let revokedAt, revokedAt <= now { return .revoked }
    if let expiresAt, expiresAt <= now { return .expired }
    return .active
  }
}

/// What somebody asks for with "Create Key". Rules G-12, U-8.
public struct KeyDraft: Hashable, Sendable {
  public var description: String
  public var expiresAt: Instant?
  public var monthlyLimit: GenAIUnits?

  public init(description: String, expiresAt: Instant? = nil, monthlyLimit: GenAIUnits? = nil) {
    self.description = description
    self.expiresAt = expiresAt
    self.monthlyLimit = monthlyLimit
  }

  /// Most characters of a description.
  public static let maxDescriptionLength = 100

  /// The draft without blanks around its description, or everything that is wrong with it.
  public func validated(at now: Instant) throws(InvalidInput) -> KeyDraft {
    var draft = self
    draft.description = String(
      description.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    var problems: [FieldProblem] = []
    if draft.description.isEmpty {
      problems.append(FieldProblem("description", "Describe what the key is for."))
    } else if draft.description.count > Self.maxDescriptionLength {
      problems.append(
        FieldProblem("description", "The description has at most \(Self.maxDescriptionLength) characters."))
    } else if draft.description.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      problems.append(FieldProblem("description", "The description is one line without control characters."))
    }
    if let expiresAt, expiresAt <= now {
      problems.append(FieldProblem("expiresAt", "The expiry must lie in the future."))
    }
    if let monthlyLimit, monthlyLimit <= .zero {
      problems.append(FieldProblem("monthlyLimit", "The monthly limit must be more than 0 GenAI Units."))
    }
    guard problems.isEmpty else { throw InvalidInput(problems) }
    return draft
  }
}
