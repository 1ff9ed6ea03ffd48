/// An account at a provider as the database keeps it: what the operator entered, its secret sealed. Rule N-1.
public struct StoredProviderAccount: Hashable, Sendable {
  /// Accounts that are kept at most.
  public static let limit = 1_000

  /// Unique, also among the accounts of the providers file that take their secrets from the store.
  public let name: String
  public let kind: ProviderKind
  /// Where its requests are answered. Nil where the providers file describes the account, and only its secret is kept.
  public let region: RegionID?
  /// Base address without a slash at its end; nil takes the provider's own for the region.
  public let endpoint: String?
  public let secret: SealedSecret
  public let createdAt: Instant
  /// When the present secret was entered.
  public let changedAt: Instant
  /// Who entered it, such as `operator`.
  public let changedBy: String

  public init(
    name: String, kind: ProviderKind, region: RegionID?, endpoint: String?, secret: SealedSecret, createdAt: Instant,
    changedAt: Instant, changedBy: String
  ) {
    self.name = name
    self.kind = kind
    self.region = region
    self.endpoint = endpoint
    self.secret = secret
    self.createdAt = createdAt
    self.changedAt = changedAt
    self.changedBy = changedBy
  }

  /// What a secret is sealed for: it opens with nothing else. So a row can't be given another account's secret, nor an
  /// account another address that would be sent the secret.
  public static func sealedData(
    name: String, kind: ProviderKind, region: RegionID?, endpoint: String?, fingerprint: String
  ) -> [UInt8] {
    var fields = CanonicalBytes(version: "packhouse provider account v1")
    fields.append(name)
    fields.append(kind.rawValue)
    fields.append(region?.text)
    fields.append(endpoint)
    fields.append(fingerprint)
    return fields.bytes
  }
}

/// A secret that only the installation's master key opens.
public struct SealedSecret: Hashable, Sendable {
  /// Names the key that it was sealed with, without telling anything of it.
  public let keyID: String
  /// 12 bytes, never used twice with one key.
  public let nonce: [UInt8]
  /// The ciphertext with its authentication tag at the end.
  public let box: [UInt8]
  /// Eight hexadecimal digits by which an operator can tell which secret it is.
  public let fingerprint: String

  public init(keyID: String, nonce: [UInt8], box: [UInt8], fingerprint: String) {
    self.keyID = keyID
    self.nonce = nonce
    self.box = box
    self.fingerprint = fingerprint
  }
}

extension ProviderConfiguration {
  /// With those of `stored` that the file does not name and that say themselves where they are: each serves every model
  /// of `catalog` with an upstream id for its kind that its region may answer. Rule N-2.
  ///
  /// `catalog` is the one with the file's additions.
  public func including(_ stored: [StoredProviderAccount], in catalog: Catalog) -> ProviderConfiguration {
    let named = Set(accounts.map(\.name))
    let others = stored.filter { !named.contains($0.name) }.compactMap { ProviderAccount($0, in: catalog) }
    return ProviderConfiguration(families: families, models: models, accounts: accounts + others)
  }

  /// The account of the file that is called `name`.
  public func account(named name: String) -> ProviderAccount? { accounts.first { $0.name == name } }
}

extension ProviderAccount {
  /// The account that `stored` is by itself; nil where it does not say where it is, or in a region that `catalog` lacks.
  public init?(_ stored: StoredProviderAccount, in catalog: Catalog) {
    guard let region = stored.region, catalog.region(region) != nil else { return nil }
    self.init(
      name: stored.name, kind: stored.kind, region: region, endpoint: stored.endpoint, credentials: .stored,
      models: catalog.upstreamModels(of: stored.kind, in: region))
  }
}

extension Catalog {
  /// Upstream ids by model version of every model that has one for `kind` and may be answered in `region`. Rule N-2.
  public func upstreamModels(of kind: ProviderKind, in region: RegionID) -> [ModelVersionID: String] {
    let pairs = models.filter { $0.mayBeAnswered(in: region) }.compactMap { model in
      model.upstreamModels[kind.rawValue].map { (model.id, $0) }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}

extension ProviderAccount {
  /// Kinds that an account can have.
  public static var kinds: [ProviderKind] { ProviderValidation.kinds.map(\.1) }

  /// `text` as the base address of an account, without slashes at its end, or what is wrong with it.
  public static func endpoint(_ text: String) -> Result<String, FieldProblem> {
    if let problem = WebAddress.problem(with: text, schemes: ["https", "http"]) {
      return .failure(FieldProblem("endpoint", problem))
    }
    guard !text.contains("?"), !text.contains("#") else {
      return .failure(FieldProblem("endpoint", "The address must end with its path, without ? or #."))
    }
    return .success(String(text.reversed().drop { $0 == "/" }.reversed()))
  }

  /// True for 1 to 64 letters, digits, dots, hyphens and underscores, but for the name of the built-in account.
  public static func isName(_ text: String) -> Bool {
    DocumentReader.isIdentifier(text) && text != ProviderConfiguration.offlineAccount
  }
}
