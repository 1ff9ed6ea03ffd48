/// A movement of Cloud Tokens that the facts ask for: what a ledger entry has to say, without its id and words.
struct TokenMovement: Hashable, Sendable {
  let source: Source
  let kind: LedgerEntry.Kind
  let tokens: CloudTokens
  let effectiveAt: Instant

  enum Source: Hashable, Sendable {
    case contract(Identifier<Contract>)
    case resource(ResourceID)
  }

  init(_ source: Source, _ kind: LedgerEntry.Kind, _ tokens: CloudTokens, at effectiveAt: Instant) {
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

extension CompanyFacts {
  /// Every movement that contracts and resources give rise to.
  var movements: [TokenMovement] {
    let ofContracts = contracts.flatMap { contract in
      [
        TokenMovement(.contract(contract.id), .granted, contract.tokens, at: contract.startsAt),
        TokenMovement(.contract(contract.id), .expired, contract.tokens, at: contract.endsAt),
      ]
    }
    let changes = Dictionary(grouping: capacityChanges, by: \.resourceID)
    let ofResources = resources.flatMap { resource in
      ResourceHistory(resource, changes: changes[resource.id] ?? [], zone: zone).movements
    }
    return ofContracts + ofResources
  }
}
