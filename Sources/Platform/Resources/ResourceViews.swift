public import Core

/// A resource that was looked up for an action: proof that the caller may do it. Rule P-6.
public struct AuthorizedResource: Sendable {
  public let company: Company
  public let zone: CompanyZone
  /// The instant that everything here is told of.
  public let now: Instant
  public let state: ResourceState
  /// Its life: allowances and bundle months at other instants.
  let timeline: CompanyTimeline
  public let caller: Caller
  public let role: ResourceRole
  /// What the caller may do with the resource, for showing and hiding.
  public let rights: Set<Right>

  public var resource: Resource { state.resource }
  public func may(_ right: Right) -> Bool { rights.contains(right) }
}

/// Enabled model versions of one family, in the order of the catalog. Rule R-1.
public struct ModelGroup: Hashable, Sendable {
  public let family: ModelFamily
  public let versions: [ModelVersion]
}

/// A resource on the overview. Rule G-1.
public struct ResourceOverview: Sendable {
  public let state: ResourceState
  public let region: Region?
  public let models: [ModelGroup]
  /// What the month has used of its allowance: one measure for units, one or two for a plan; none for knowledge bases.
  public let consumption: [ConsumptionMeasure]
  /// The company's zone, in which dates are shown.
  public let zone: CompanyZone

  public var resource: Resource { state.resource }
}

/// A row of the Control Center's list. Rule R-1.
public struct ControlCenterRow: Sendable {
  public let state: ResourceState
  public let region: Region?
  public let models: [ModelGroup]
  /// The plan's name, or the capacity in GenAI Units such as `1.6k GenAI Units`.
  public let plan: String
  /// The local day on which a scheduled status takes effect.
  public let statusDay: LocalDay?
  /// The local day on which the resource will be suspended unless Cloud Tokens return. Rule T-5.
  public let suspensionDay: LocalDay?
  /// Of a knowledge base: the name of its embeddings resource. Rule R-5.
  public let embeddings: String?
  /// What the three dots offer.
  public let menu: [ResourceAction]
  /// Everything that a search looks at, in lower case.
  public let searchText: String

  public var resource: Resource { state.resource }
}

extension ControlCenterRow {
  init(_ state: ResourceState, _ standing: CompanyStanding, at now: Instant, _ catalog: Catalog) {
    let resource = state.resource
    let models = catalog.groups(of: resource.models)
    let plan = catalog.planLabel(state)
    let embeddings = resource.embeddingsResource.flatMap {
      standing.timeline.state(of: $0, at: state.revision)?.resource.name
    }
    let person = resource.createdFor
    let words = [resource.name, resource.id.text, person.name, person.email, plan, embeddings ?? ""]
    self.init(
      state: state, region: catalog.region(resource.region), models: models, plan: plan,
      statusDay: state.statusChangesAt.map(standing.facts.zone.day),
      suspensionDay: standing.timeline.suspension(of: resource.id, at: now).map(standing.facts.zone.day),
      embeddings: embeddings,
      menu: ResourceAction.menu(of: state),
      searchText: (words + models.flatMap(\.versions).map(\.displayName)).joined(separator: "\n").lowercased())
  }
}

/// The Control Center's list with what stands around it. Rules R-1, E-5.
public struct ControlCenterList: Sendable {
  public let company: CompanyView
  /// Every type together, in the order of provisioning, newest first.
  public let rows: [ControlCenterRow]
  public let balance: TokenBalance
  /// Why nothing can be provisioned; empty where it can. Rule E-5.
  public let reasons: [IneligibilityReason]
  /// How to order instead. Rule E-5.
  public let orderPath: String
}

/// What the form "Provision Resource" needs beside the catalog. Rules, E-5.
public struct ProvisioningPage: Sendable {
  public let company: CompanyView
  public let balance: TokenBalance
  public let reasons: [IneligibilityReason]
  public let orderPath: String
  /// False before the first provisioning, which asks for the time zone once more. Rule P-2.
  public let isTimeZoneFinal: Bool
  /// What a knowledge base could use, also where it may not at present; ended ones are left out. Rule R-5.
  public let embeddings: [ResourceState]
  /// Names that are in use.
  public let names: Set<String>
  /// Canonical addresses of the company's active people. Rule P-7.
  public let people: Set<String>
  /// Canonical addresses of its deactivated people, whom nobody can invite.
  public let deactivatedPeople: Set<String>
  /// Fresh for each form: makes a double submit harmless. Rule R-6.
  public let idempotencyKey: String
}

/// What provisioning did.
public struct ProvisioningOutcome: Codable, Hashable, Sendable {
  public let resource: ResourceID
  /// What became of the named user.
  public let invitation: ProvisioningInvitation
  /// True where the same submit had been carried out before. Rule R-6.
  public let wasRepeated: Bool
}

/// What the pages "Adjust Plan Size GenAI Resource" and "Edit Resource" and the dialogs need of one resource.
public struct ResourceChangePage: Sendable {
  public let row: ControlCenterRow
  public let company: CompanyView
  public let balance: TokenBalance
  /// Why nothing can be increased; empty where it can. Rule E-5.
  public let reasons: [IneligibilityReason]
  public let orderPath: String
  /// Of an embeddings resource: those that use it and are not deprovisioned. Rule A-5.
  public let knowledgeBases: [ResourceState]
  /// Of a knowledge base: what it uses. Rule R-5.
  public let embeddings: ResourceState?
  /// Fresh for each form: makes a double submit harmless. Rule R-6.
  public let idempotencyKey: String

  public var state: ResourceState { row.state }
  public var resource: Resource { row.resource }
}
