import Core
import TestSupport

@testable import Platform
@testable import Portal

/// Pages and dialogs of the life of a resource.
extension ViewSamples {
  func life() async throws -> [Sample] {
    let (search, base) = try await world.knowledgeBase()
    let sized = try await world.provisioned("Sized", .text, TestCatalog.medium)
    let units = try await world.provisioned("By units", .text, .units(2))
    return [
      try await changes(sized, units, base), try await dialogs(search, base, sized),
      try await knowledgeBases(search), try await relatives(search), try await ended(units),
    ].flatMap { $0 }
  }

  private func changes(_ sized: ResourceID, _ units: ResourceID, _ base: ResourceID) async throws -> [Sample] {
    let resources = world.platform.resources
    let catalog = world.platform.catalog
    let wrong = [ChangeField.name, .environment, .defaultModel, .capacity].map { FieldProblem($0.rawValue, "Wrong.") }
    func samples(_ id: ResourceID, _ change: CapacityOutcome?) async throws -> [Sample] {
      let page = try await resources.changePage(of: id, as: ada)
      let form = ChangeForm(page)
      let converted = ChangeForm(
        FormFields([.init(name: "capacityKind", value: "units"), .init(name: "cloudTokens", value: "99999")]), page)
      let outlooks =
        [ChangeOutlook.unchanged, .open(["Open."]), .refused(["No."])] + (change.map { [.change($0)] } ?? [])
      return outlooks.flatMap { outlook -> [Sample] in
        [form, converted].flatMap { form -> [Sample] in
          [
            sample(
              .resourceChange,
              ChangePage(
                form, page, outlook, query: query(page.resource.type), catalog: catalog, problems: wrong,
                refusals: ["No."])),
            sample(
              .resourceChange,
              ChangePage(
                form, page, outlook, query: query(page.resource.type), catalog: catalog, problems: [], refusals: [])),
            Sample(
              template: .changeSpecification, view: ChangeParts(form, page, outlook, catalog, problems: [])),
          ]
        }
      }
    }
    func trial(_ id: ResourceID, _ capacity: Capacity) async throws -> CapacityOutcome {
      try await resources.adjustCapacity(
        of: id, to: capacity, revision: nil, idempotencyKey: "", mode: .dryRun, as: ada)
    }
    let before = try await samples(sized, try await trial(sized, TestCatalog.small))
    _ = try await resources.adjustCapacity(
      of: sized, to: TestCatalog.small, revision: nil, idempotencyKey: "down", as: ada)
    return before + (try await samples(sized, nil)) + (try await samples(units, try await trial(units, .units(3))))
      + (try await samples(base, nil))
  }

  private func dialogs(_ search: ResourceID, _ base: ResourceID, _ sized: ResourceID) async throws -> [Sample] {
    let resources = world.platform.resources
    func scene(_ id: ResourceID) async throws -> LifeScene {
      let page = try await resources.changePage(of: id, as: ada)
      return LifeScene(page: page, query: query(page.resource.type), catalog: world.platform.catalog)
    }
    let together = try await resources.deprovisioningPreview(of: search, as: ada)
    let refused = PlatformError.conflict("Not now.")
    let kept = try await resources.cancelCapacityChange(of: sized, idempotencyKey: "", mode: .dryRun, as: ada)
    var dialogs: [LifeDialog] = [
      .deprovision(try await scene(search), trial: .success(together)),
      .deprovision(try await scene(search), trial: .failure(refused), problem: "Others than before."),
      .cancelCapacity(try await scene(sized), trial: .success(kept)),
      .cancelCapacity(try await scene(base), trial: .failure(refused)),
    ]
    _ = try await resources.deprovision(search, together: [base], idempotencyKey: "together", as: ada)
    let cancelled = try await resources.cancelDeprovisioning(of: base, idempotencyKey: "", mode: .dryRun, as: ada)
    dialogs.append(.cancelDeprovisioning(try await scene(base), trial: .success(cancelled)))
    dialogs.append(.cancelDeprovisioning(try await scene(sized), trial: .failure(refused)))
    let list = try await resources.controlCenter(as: ada)
    let rows = [ResourceType.text, .embeddings, .knowledgeBase].map { type in
      sample(
        .controlCenter,
        ControlCenterPage(list, query(type, resource: sized), catalog: world.platform.catalog),
        flash: FlashView(
          text: "Done.", isGood: true, link: NavigationLink(label: "Open", href: "/", isCurrent: false)))
    }
    return rows
      + dialogs.map { dialog in
        sample(
          .controlCenter,
          ControlCenterPage(list, query(dialog.type), dialog: dialog, catalog: world.platform.catalog))
      }
  }

  private func knowledgeBases(_ search: ResourceID) async throws -> [Sample] {
    let platform = world.platform
    let usable = try await world.provisioned("Usable", .embeddings, .units(1))
    let found = try await platform.resources.provisioningPage(as: ada)
    // Asked for once more, as with a company's first resource.
    let around = ProvisioningPage(
      company: found.company, balance: found.balance, reasons: [], orderPath: found.orderPath, isTimeZoneFinal: false,
      embeddings: found.embeddings, names: found.names, people: found.people,
      deactivatedPeople: found.deactivatedPeople, idempotencyKey: found.idempotencyKey)
    var samples: [Sample] = []
    for embeddings in [usable, search] {
      let fields = [
        ("type", "knowledge-base"), ("name", "Manuals"), ("environment", "Production"), ("region", "local"),
        ("embeddingsResource", embeddings.text), ("userName", "Nina"), ("userEmail", "nina@people.example"),
        ("timeZone", "UTC"),
      ]
      let form = ProvisionForm(FormFields(fields.map { .init(name: $0.0, value: $0.1) })).completed(by: around)
      let scene = ProvisionScene(
        around: around, specification: try await platform.resources.specification(form.request, as: ada),
        catalog: platform.catalog, branding: Branding(), served: ServedModels([]))
      for wish in [ProvisionWish.editing, .summary, .problems(problem("embeddingsResource"))] {
        samples.append(sample(.provision, ProvisionPage(form, wish, scene)))
      }
      samples.append(Sample(template: .specification, view: ProvisionParts(form, scene, problems: [])))
    }
    let text = ProvisionForm(FormFields(world.provisionFields().map { .init(name: $0.0, value: $0.1) }))
    let scene = ProvisionScene(
      around: around, specification: try await platform.resources.specification(text.request, as: ada),
      catalog: platform.catalog, branding: Branding(), served: ServedModels([]))
    return samples + [sample(.provision, ProvisionPage(text, .editing, scene))]
  }

  /// Of an embeddings resource with the knowledge bases that use it.
  private func relatives(_ search: ResourceID) async throws -> [Sample] {
    let platform = world.platform
    let found = try await platform.resources.resource(search, for: .seeResource, as: ada)
    return [
      sample(
        .settings,
        SettingsPage(
          found, try await platform.resources.relatives(of: search, as: ada), catalog: platform.catalog,
          gateway: "https://gateway.example"))
    ]
  }

  /// Of a resource that is deprovisioned.
  private func ended(_ id: ResourceID) async throws -> [Sample] {
    let platform = world.platform
    _ = try await platform.resources.deprovision(id, idempotencyKey: "ended", as: ada)
    world.clock.advance(seconds: 40 * PortalWorld.day)
    let found = try await platform.resources.resource(id, for: .seeResource, as: ada)
    let summary = try await platform.consumption.summary(of: id, as: ada)
    let period = try await platform.consumption.period(.bundleMonth, stepsBack: 0, of: id, as: ada)
    return [sample(.consumption, ConsumptionPage(found, summary, period, at: world.clock.now))]
  }

  private func query(_ type: ResourceType, resource: ResourceID? = nil) -> ControlCenterQuery {
    let fields = resource.map { [FormFields.Field(name: "resource", value: $0.text)] } ?? []
    return ControlCenterQuery(FormFields(fields), type: type)
  }
}
