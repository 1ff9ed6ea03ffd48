import Core
import Storage

/// Everything about the demo company that is chosen at random; made outside of the transaction, which may run twice.
struct DemoDraft: Sendable {
  let credentials: DemoCredentials
  private let founding: CompanyFounding
  private let member: User
  private let text: Item
  private let embeddings: Item
  private let context: PlatformContext

  /// A resource to be provisioned with its first key.
  private struct Item: Sendable {
    let provisioning: ProvisioningWork
    let id: ResourceID
    let keyID: KeyID
    let secretHash: [UInt8]
    let plainKey: String

    init(_ request: ProvisionRequest, _ context: PlatformContext) {
      id = context.random.identifier()
      provisioning = ProvisioningWork(request, resourceID: id, context)
      let (keyID, secret) = KeyFormat.random(context.random)
      self.keyID = keyID
      secretHash = Digest.sha256(secret)
      plainKey = KeyFormat.make(id: keyID, secret: secret, sha256: Digest.sha256)
    }
  }

  init(_ context: PlatformContext) {
    let random = context.random
    self.context = context
    founding = CompanyFounding(
      name: "Northwind", zone: .utc, admin: DemoCompany.admin, tokens: DemoCompany.tokens, context)
    member = User(
      id: random.identifier(), name: DemoCompany.member.name, email: DemoCompany.member.email,
      companyID: founding.company.id, companyRole: .member)
    let catalog = context.catalog
    text = Item(Self.request("Support assistant", .text, Self.textModel, tokens: 30, catalog), context)
    embeddings = Item(Self.request("Document search", .embeddings, Self.embeddingsModel, tokens: 6, catalog), context)
    credentials = DemoCredentials(
      admin: .init(email: DemoCompany.admin.email, password: ReadablePassword.make(random)),
      member: .init(email: DemoCompany.member.email, password: ReadablePassword.make(random)),
      textResource: text.id.text, embeddingsResource: embeddings.id.text, textKey: text.plainKey,
      embeddingsKey: embeddings.plainKey)
  }

  func insert(into transaction: Transaction, adminHash: String, memberHash: String) throws {
    guard try transaction.user(email: DemoCompany.admin.email) == nil else {
      throw PlatformError.conflict("The demo company was created by somebody else at the same moment. Start again.")
    }
    try founding.insert(into: transaction, passwordHash: adminHash, context)
    try transaction.insert(member, passwordHash: memberHash)
    try context.appendActivity(
      [ActivityDeed(.member, "Added \(member.name) as a member")], of: founding.company.id, actor: .operator,
      at: founding.company.createdAt, transaction)
    // Facts of a company have an instant each.
    for (position, item) in [text, embeddings].enumerated() {
      try insert(item, into: transaction, at: founding.company.createdAt.adding(milliseconds: Int64(position) + 1))
    }
  }

  private func insert(_ item: Item, into transaction: Transaction, at now: Instant) throws {
    let company = founding.company.id
    guard let standing = try context.companies.standing(of: company, transaction) else { return }
    var work = CompanyWork(
      transaction: transaction, context: context, actor: .operator, standing: standing, now: now)
    _ = try item.provisioning.run(&work)
    try work.reload()
    guard let resource = work.timeline.state(of: item.id, at: now)?.resource else { return }
    try work.addToTeam(founding.admin, of: resource)
    let key = ResourceKey(
      id: item.keyID, resourceID: item.id, description: "Demo", secretHash: item.secretHash,
      createdBy: founding.admin.id, createdAt: now)
    try transaction.insert(key)
    work.note(key.created(resource))
    try context.settle(company, upTo: now, transaction)
    try context.appendActivity(work.deeds, of: company, actor: .operator, at: now, transaction)
  }

  private static let textModel = ModelVersionID("packhouse-extractive-1")
  private static let embeddingsModel = ModelVersionID("packhouse-minilm-l6-v2")

  /// The built-in model answers by default; what the operator's own servers offer in Local can be tried as well.
  private static func request(
    _ name: String, _ type: ResourceType, _ model: ModelVersionID, tokens: CloudTokens, _ catalog: Catalog
  ) -> ProvisionRequest {
    let others = catalog.offered(type: type, region: .local, isCrossRegion: false).map(\.id).filter { $0 != model }
    return ProvisionRequest(
      name: name, type: type, environment: .test, region: .local, isCrossRegion: false,
      models: [model] + others.prefix(Provisioning.mostModels - 1), defaultModel: type == .text ? model : nil,
      capacity: .units(tokens), userName: DemoCompany.member.name, userEmail: DemoCompany.member.email)
  }
}
