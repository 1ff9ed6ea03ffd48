/// A movement of Cloud Tokens that the facts ask for: what a ledger entry has to say, without its id and words. Rule T-3.
public struct TokenMovement: Hashable, Sendable {
  /// Whose tokens move.
  public enum Source: Hashable, Sendable {
    case contract(Identifier<Contract>)
    case resource(ResourceID)
  }

  public let source: Source
  public let kind: LedgerEntry.Kind
  /// Always positive; the kind says which way.
  public let tokens: CloudTokens
  public let effectiveAt: Instant

  public init(_ source: Source, _ kind: LedgerEntry.Kind, _ tokens: CloudTokens, at effectiveAt: Instant) {
    self.source = source
    self.kind = kind
    self.tokens = tokens
    self.effectiveAt = effectiveAt
  }

  /// What `entry` says; nil where it names neither or both of contract and resource.
  init?(_ entry: LedgerEntry) {
    switch (entry.contractID, entry.resourceID) {
    case (let id?, nil): self.init(.contract(id), entry.kind, entry.tokens, at: entry.effectiveAt)
    case (nil, let id?): self.init(.resource(id), entry.kind, entry.tokens, at: entry.effectiveAt)
    default: return nil
    }
  }

  /// The ledger entry that says it.
  ///
  /// - Parameter pack: what people read under "Cloud Resource Pack".
  public func entry(id: Identifier<LedgerEntry>, company: CompanyID, pack: String) -> LedgerEntry {
    let (contract, resource): (Identifier<Contract>?, ResourceID?) =
      switch source {
      case .contract(let id): (id, nil)
      case .resource(let id): (nil, id)
      }
    return LedgerEntry(
      id: id, companyID: company, resourceID: resource, contractID: contract, kind: kind, tokens: tokens, pack: pack,
      effectiveAt: effectiveAt)
  }

  /// `allocated 30 Cloud Tokens for resource abc at 2026-11-21T07:16:46.120Z`.
  var words: String {
    let owner =
      switch source {
      case .contract(let id): "contract \(id)"
      case .resource(let id): "resource \(id)"
      }
    return "\(kind.rawValue) \(tokens.inWords) for \(owner) at \(effectiveAt.utcText)"
  }
}
